package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.register.RegisterReport;
import io.github.pggauntlet.harness.check.register.VersionChecker;
import io.github.pggauntlet.harness.check.register.VersionHistory;
import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Are single rows, read, written and compared-and-set, linearizable across failovers? See {@link VersionChecker}. Reads of the
 * workload lock their row, so none is acknowledged where commits are not. Where loss is allowed each timeline is looked at by
 * itself. O(n log n).
 */
public final class LinearizabilityChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "linearizability";

    private static final String WORKLOAD = "register";

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return new Beside(run, WORKLOAD).isThere();
    }

    @Override
    public Result check(RunRecord run) {
        Beside beside = new Beside(run, WORKLOAD);
        List<Evidence> evidence = new ArrayList<>();
        int operations = 0;
        for (List<Transaction> piece : beside.pieces()) {
            RegisterReport report = new VersionChecker().check(history(piece));
            operations = Math.max(operations, report.operations());
            report.violations().stream()
                    .map(violation -> Evidence.of("Register " + violation.key() + ", "
                            + violation
                                    .reason()
                                    .name()
                                    .toLowerCase(java.util.Locale.ROOT)
                                    .replace('_', ' ') + ": "
                            + violation.sentence() + "."))
                    .forEach(evidence::add);
        }
        if (!evidence.isEmpty()) {
            return Beside.found(
                    PROMISE,
                    beside.expectation(),
                    "The registers are not linearizable; the first proof: "
                            + evidence.get(0).what(),
                    evidence);
        }
        return beside.unbroken(
                PROMISE,
                Text.count(operations, "operation", "operations") + " on registers are linearizable"
                        + (beside.isStrict() ? "." : ", each timeline by itself."));
    }

    private static VersionHistory history(List<Transaction> transactions) {
        VersionHistory.Builder builder = VersionHistory.builder();
        for (Transaction transaction : transactions) {
            for (Access access : transaction.accesses()) {
                if (access instanceof Access.Get get && transaction.acknowledged()) {
                    builder.read(get.key(), get.version(), get.value(), transaction.invoked(), transaction.completed());
                } else if (access instanceof Access.Put put) {
                    builder.update(
                            put.key(),
                            put.version() == Access.UNKNOWN ? OptionalInt.empty() : OptionalInt.of(put.version()),
                            put.value(),
                            put.expected(),
                            transaction.invoked(),
                            transaction.completed(),
                            transaction.outcome());
                }
            }
        }
        return builder.build();
    }
}
