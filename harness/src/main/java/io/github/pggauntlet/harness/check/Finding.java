package io.github.pggauntlet.harness.check;

import java.util.List;

/**
 * What a checker has to say about one promise.
 *
 * @param promise the promise's name, for example {@code durability}
 * @param outcome whether it held
 * @param sentence the finding in one sentence
 * @param evidence what it rests on; the first few of many, with their number in the sentence
 */
public record Finding(String promise, Ruling outcome, String sentence, List<Evidence> evidence) {

    public Finding {
        evidence = List.copyOf(evidence);
    }

    /** A finding without further evidence. */
    public static Finding of(String promise, Ruling outcome, String sentence) {
        return new Finding(promise, outcome, sentence, List.of());
    }
}
