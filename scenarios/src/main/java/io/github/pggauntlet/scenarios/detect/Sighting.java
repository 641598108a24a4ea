package io.github.pggauntlet.scenarios.detect;

import java.util.List;

/**
 * What came of looking for a mistake.
 *
 * @param strategy the broken strategy
 * @param safeguard the safeguard that it undoes
 * @param failure the failure that this leads to, by its number
 * @param way in which scenario it was looked for
 * @param byLot whether the faults were drawn by lot
 * @param found whether a promise was found broken that the mistake breaks
 * @param checkers the promises found broken
 * @param expected the promises of which one was expected to be
 * @param tries how many runs it took, the last one included
 * @param seconds how long they took together
 * @param schedule the smallest schedule that is known to show it, in words
 * @param command the command that runs the last try again
 * @param said what the last verdict said
 */
public record Sighting(
        String strategy,
        String safeguard,
        String failure,
        String way,
        boolean byLot,
        boolean found,
        List<String> checkers,
        List<String> expected,
        int tries,
        double seconds,
        String schedule,
        String command,
        String said) {

    public Sighting {
        checkers = List.copyOf(checkers);
        expected = List.copyOf(expected);
    }
}
