package io.github.pggauntlet.strategy;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * A password or token that never shows itself: {@link #toString()} is a row of stars.
 *
 * @param reveal the secret itself; for the one place that needs it
 */
public record Secret(String reveal) {

    private static final int RANDOM_BYTES = 24;

    public Secret {
        if (reveal.isEmpty()) {
            throw new IllegalArgumentException("A secret may not be empty.");
        }
    }

    /** A new secret of 192 random bits, in letters, digits, minus and underscore. */
    public static Secret random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public String toString() {
        return "***";
    }
}
