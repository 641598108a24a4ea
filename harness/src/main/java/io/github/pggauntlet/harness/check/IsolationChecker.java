package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.append.Anomaly;
import io.github.pggauntlet.harness.check.append.AppendChecker;
import io.github.pggauntlet.harness.check.append.AppendHistory;
import io.github.pggauntlet.harness.check.append.AppendReport;
import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Order;
import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Do transactions over lists keep their isolation level, in real time and across failovers? See {@link AppendChecker}.
 *
 * <p>Every transaction of the workload appends, so none is acknowledged where commits are not. Real-time order belongs to each of
 * PostgreSQL's levels on one primary: a snapshot shows all that was acknowledged before it was taken, and a serialization failure
 * is raised for every dangerous structure whose last transaction committed first (Ports and Grittner, <a
 * href="https://doi.org/10.14778/2367502.2367523">Serializable Snapshot Isolation in PostgreSQL</a>, 2012). So with real-time
 * order an acknowledged append that a failover has lost is an anomaly from snapshot isolation on, also if nobody had read it. Where loss is allowed each
 * timeline is looked at by itself.
 *
 * <p>O(n) for each timeline looked at.
 */
public final class IsolationChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "isolation";

    private static final String WORKLOAD = "append";
    private static final int MOST_EVIDENCE = 10;

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
        boolean nothing = beside.expectation().equals(Beside.NOTHING);
        Isolation level = nothing ? Isolation.SERIALIZABLE : level(beside.expectation());
        List<Evidence> evidence = new ArrayList<>();
        boolean total = true;
        boolean holds = true;
        for (List<Transaction> piece : beside.pieces()) {
            AppendReport report = new AppendChecker(Order.REAL_TIME).check(history(piece));
            total &= report.versionOrderTotal();
            if (!report.holds(level, Order.REAL_TIME)) {
                holds = false;
                report.anomalies().stream()
                        .filter(anomaly -> anomaly.kind().forbiddenFrom().compareTo(level) <= 0)
                        .map(anomaly -> Evidence.of(tell(anomaly, piece)))
                        .forEach(evidence::add);
            }
        }
        if (!holds) {
            String first = evidence.isEmpty()
                    ? "no small cycle explains it."
                    : evidence.get(0).what();
            return Beside.found(
                    PROMISE,
                    beside.expectation(),
                    "The history of "
                            + Text.count(beside.acknowledged(), "acknowledged transaction", "acknowledged transactions")
                            + " at " + beside.fact("isolation") + " is not " + words(level) + "; the first of "
                            + Text.count(evidence.size(), "anomaly", "anomalies") + ": " + first,
                    evidence.subList(0, Math.min(evidence.size(), MOST_EVIDENCE)));
        }
        return beside.unbroken(
                PROMISE,
                Text.count(beside.acknowledged(), "acknowledged transaction", "acknowledged transactions") + " at "
                        + beside.fact("isolation") + " are " + words(level) + " in real time"
                        + (beside.isStrict() ? "" : ", each timeline by itself")
                        + (total
                                ? "."
                                : "; transactions of unknown outcome have left room for an order that was not tried."));
    }

    private static Isolation level(String words) {
        return Isolation.valueOf(words.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static String words(Isolation level) {
        return level.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A history as the checker of lists takes it. O(n). */
    static AppendHistory history(List<Transaction> transactions) {
        AppendHistory.Builder builder = AppendHistory.builder();
        for (Transaction transaction : transactions) {
            builder.begin(transaction.session(), transaction.invoked(), transaction.completed(), transaction.outcome());
            for (Access access : transaction.accesses()) {
                if (access instanceof Access.Append append) {
                    builder.append(append.key(), append.value(), append.place());
                } else if (access instanceof Access.ReadList read) {
                    builder.read(
                            read.key(),
                            read.values().stream().mapToInt(Integer::intValue).toArray());
                }
            }
            builder.end();
        }
        return builder.build();
    }

    private static String tell(Anomaly anomaly, List<Transaction> transactions) {
        SortedSet<Integer> numbers = new TreeSet<>();
        anomaly.cycle().forEach(step -> {
            numbers.add(step.from());
            numbers.add(step.to());
        });
        String who = numbers.stream()
                .filter(number -> number < transactions.size())
                .map(number -> "T" + number + ": " + Beside.describe(transactions.get(number)))
                .collect(Collectors.joining("; "));
        return anomaly + (who.isEmpty() ? "" : " (" + who + ")");
    }
}
