package io.github.pggauntlet.scenarios.campaign;

import java.time.Duration;
import java.util.Optional;

/**
 * How much a campaign does: so many faults, or so much time.
 *
 * @param faults how many faults all shards make together; empty if time decides
 * @param time after which no further run is begun; empty if the number of faults decides
 */
public record Budget(Optional<Integer> faults, Optional<Duration> time) {

    private static final int MOST_FAULTS = 1_000_000;

    public Budget {
        if (faults.isPresent() == time.isPresent()) {
            throw new IllegalArgumentException("A campaign has a number of faults or a time; say one of them.");
        }
        if (faults.isPresent() && (faults.get() < 1 || faults.get() > MOST_FAULTS)) {
            throw new IllegalArgumentException(
                    "The number of faults lies between 1 and " + MOST_FAULTS + "; " + faults.get() + " does not.");
        }
    }

    /**
     * Reads a time such as {@code 90s}, {@code 30m} or {@code 2h}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Duration time(String text) {
        if (!text.matches("[1-9]\\d{0,5}[smh]")) {
            throw new IllegalArgumentException("A budget is a time such as 90s, 30m or 2h; '" + text + "' is none.");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** How many faults a run makes, by its number from 0; none if the campaign has come to its end before it. */
    int faultsOf(int run, int each) {
        return faults.map(all -> Math.max(0, Math.min(each, all - run * each))).orElse(each);
    }
}
