package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Checker.Result;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Has all checkers look at a run, and sums up. Immutable. */
public final class Judge {

    private final List<Checker> checkers;

    /** A judge with checkers of your choice. */
    public Judge(List<Checker> checkers) {
        this.checkers = List.copyOf(checkers);
    }

    /** A judge with all checkers there are. */
    public static Judge withAllCheckers() {
        return new Judge(List.of(
                new VacuityChecker(),
                new DurabilityChecker(),
                new SingleWriterChecker(),
                new RejoinChecker(),
                new RecoveryTimeChecker(),
                new VirtualAddressChecker(),
                new DiskChecker(),
                new LivenessChecker(),
                new TimelineChecker(),
                new DataChecker(),
                new SlotChecker(),
                new LogChecker(),
                new IsolationChecker(),
                new LinearizabilityChecker(),
                new BankChecker(),
                new StandbyReadsChecker()));
    }

    /**
     * Judges a run. A checker that fails makes its promise inconclusive and keeps no other from being judged.
     *
     * @param run the record
     * @param facts what was run, which is passed on
     */
    public Verdict judge(RunRecord run, Verdict.RunFacts facts) {
        List<Finding> findings = new ArrayList<>();
        Measures measures = Measures.NONE;
        for (Checker checker :
                checkers.stream().filter(one -> one.concerns(run)).toList()) {
            Result result = ask(checker, run);
            findings.add(result.finding());
            measures = measures.and(result.measures());
        }
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        for (Write write : run.history().writes()) {
            counts.merge(write.outcome(), 1L, Long::sum);
        }
        return new Verdict(
                Ruling.all(findings.stream().map(Finding::outcome).toList()),
                findings,
                counts.getOrDefault(Outcome.ACKNOWLEDGED, 0L),
                counts.getOrDefault(Outcome.UNKNOWN, 0L),
                counts.getOrDefault(Outcome.FAILED, 0L),
                measures.lost(),
                measures.outages().size(),
                measures.rejoins(),
                measures.writersMax(),
                measures.outages(),
                facts);
    }

    private static Result ask(Checker checker, RunRecord run) {
        try {
            return checker.check(run);
        } catch (RuntimeException e) {
            // A bug of ours must not read as a promise kept, nor as one broken.
            return Result.of(Finding.of(
                    checker.promise(), Ruling.INCONCLUSIVE, "The checker itself failed: " + e + place(e) + "."));
        }
    }

    private static String place(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
