package io.github.pggauntlet.harness.check;

import java.util.List;

/** Tells what was seen that should not have been. */
final class Observations {

    private static final int MOST_EVIDENCE = 20;

    private Observations() {}

    /**
     * A finding that rests on what was seen.
     *
     * @param promise the promise's name
     * @param held whether it is held against the strategy; if not the promise is kept, and what was seen is told all the same
     * @param excuse why not, if it is not: a sentence
     * @param wrong what was seen, at least one thing
     * @param noun what such things are called if there are several
     */
    static Finding finding(String promise, boolean held, String excuse, List<Evidence> wrong, String noun) {
        String first = wrong.get(0).what();
        String sentence = (held ? "" : excuse + " ") + first + (first.endsWith(".") ? "" : ".");
        return new Finding(
                promise,
                held ? Ruling.BROKEN : Ruling.KEPT,
                wrong.size() == 1 ? sentence : sentence + " There is more: " + wrong.size() + " " + noun + " in all.",
                wrong.subList(0, Math.min(wrong.size(), MOST_EVIDENCE)));
    }
}
