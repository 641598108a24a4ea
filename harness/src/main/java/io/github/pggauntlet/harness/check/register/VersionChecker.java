package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.check.register.RegisterReport.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Are rows linearizable whose updates, compare-and-set among them, return the version they made?
 *
 * <p>The versions give the order of updates. What remains to be seen is whether it agrees with real time: nothing on a later
 * version may have ended before something on an earlier one began. Beside that every version is made by one update, is read
 * with its value, and follows the value that its update expected.
 *
 * <p>An update of unknown outcome is found by its value where somebody read it. Versions nobody read must have been made by the
 * others of them, each at most once and not before it was begun; what such an update expected is not looked at, so that a
 * history can be called linearizable that is not. Nothing sound is ever called broken. O(n log n).
 */
public final class VersionChecker {

    private static final int MOST_VIOLATIONS = 10;

    /** A checker. */
    public VersionChecker() {}

    /** Checks all rows. */
    public RegisterReport check(VersionHistory history) {
        Grouping byKey = new Grouping(
                history.size(), history.keys(), at -> history.entry(at).key());
        List<Violation> violations = new ArrayList<>();
        int broken = 0;
        for (int key = 0; key < history.keys(); key++) {
            List<VersionHistory.Entry> entries = new ArrayList<>();
            for (int at = byKey.first(key); at < byKey.end(key); at++) {
                entries.add(history.entry(byKey.operation(at)));
            }
            Optional<Violation> violation = new VersionChain(key, entries).violation();
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
