package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.Operation;
import java.util.List;

/**
 * One thing in the record on which a finding rests.
 *
 * @param what a sentence that a reader can check against the record
 * @param writes the writes it speaks of; may be empty
 */
public record Evidence(String what, List<Operation.Write> writes) {

    public Evidence {
        writes = List.copyOf(writes);
    }

    /** Evidence that is not about particular writes. */
    public static Evidence of(String what) {
        return new Evidence(what, List.of());
    }

    /** Evidence about particular writes. */
    public static Evidence of(String what, Operation.Write... writes) {
        return new Evidence(what, List.of(writes));
    }
}
