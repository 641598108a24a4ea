package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.check.register.RegisterReport.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Are registers linearizable in which every value is written once?
 *
 * <p>A value's write and all its reads form a cluster, which in any explanation is one block: the value comes, is read, and is
 * replaced for good. The cluster's zone reaches from the first completion in it to the last invocation. If it runs forward in
 * time, the register certainly held the value all through it; if backward, the value may have been there for a moment only. A
 * history is linearizable if and only if no read precedes its write, no two forward zones overlap, and no backward zone lies
 * within a forward one (Gibbons and Korach, <a href="https://doi.org/10.1137/S0097539794279614">Testing Shared Memories</a>,
 * 1997, section 4).
 *
 * <p>A write of unknown outcome costs nothing, where a search by trial doubles its work for each: if nobody read its value it is
 * left out, else it takes part and ends at the end of time.
 *
 * <p>O(n log n) for n operations; 16 bytes for an operation beside the history, and 50 for each value of the largest
 * register.
 */
public final class RegisterChecker {

    private static final int MOST_VIOLATIONS = 10;

    /** A checker. */
    public RegisterChecker() {}

    /**
     * Checks all registers.
     *
     * @throws IllegalArgumentException if a value was written to a register twice
     */
    public RegisterReport check(RegisterHistory history) {
        Grouping byKey = new Grouping(history.size(), history.keys(), history::key);
        Zones zones = new Zones(history);
        List<Violation> violations = new ArrayList<>();
        int broken = 0;
        for (int key = 0; key < history.keys(); key++) {
            Optional<Violation> violation = zones.check(key, byKey);
            if (violation.isPresent()) {
                broken++;
                if (violations.size() < MOST_VIOLATIONS) {
                    violations.add(violation.get());
                }
            }
        }
        return new RegisterReport(history.size(), broken, violations);
    }
}
