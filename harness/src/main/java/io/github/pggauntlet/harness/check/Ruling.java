package io.github.pggauntlet.harness.check;

import java.util.Collection;
import java.util.Locale;

/**
 * What is said of a promise, and of a run as a whole. In ascending order of weight: the ruling on several promises together
 * is the heaviest of their rulings.
 *
 * <p>Broken outweighs all: one proof of a broken promise stands, whatever else could not be seen. Inconclusive outweighs
 * vacuous: where evidence is missing it cannot even be said that nothing was tested. Vacuous outweighs kept: a run
 * in which a promise was not put to the test must not read as a success, however well the other promises did.
 */
public enum Ruling {
    /** The promise was put to the test and held. */
    KEPT,
    /** The promise was not put to the test. */
    VACUOUS,
    /** The promise was put to the test, and what is recorded does not suffice to say whether it held. */
    INCONCLUSIVE,
    /** The record proves that the promise did not hold. */
    BROKEN;

    /** The name used in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The ruling of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Ruling of(String id) {
        for (Ruling ruling : values()) {
            if (ruling.id().equals(id)) {
                return ruling;
            }
        }
        throw new IllegalArgumentException("There is no ruling '" + id + "'.");
    }

    /** The heavier of two rulings. */
    public Ruling and(Ruling other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The heaviest of several rulings; vacuous if there are none, since then nothing was judged. */
    public static Ruling all(Collection<Ruling> rulings) {
        return rulings.stream().reduce(Ruling::and).orElse(VACUOUS);
    }
}
