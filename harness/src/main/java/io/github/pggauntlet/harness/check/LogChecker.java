package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.rule.Breach;
import io.github.pggauntlet.harness.check.rule.LogRule;
import io.github.pggauntlet.harness.history.RunEvent.LogLine;
import io.github.pggauntlet.harness.history.RunEvent.LogRead;
import io.github.pggauntlet.strategy.FaultClass;
import java.util.List;

/**
 * Did a PostgreSQL ever say that its data is damaged, or that its history does not fit?
 *
 * <p>No strategy has to promise that; a server that is started on half a data directory, or follows one whose history is not its
 * own, says so long before a row is missed. Broken is the promise with the first line that {@link LogRule#ofPostgres()} forbids.
 * Where a fault of the class {@link FaultClass#DISK} was made, which damages data or keeps it from being written, what was said is
 * told and held against nobody. O(n) for n such lines; only they are in the record.
 */
public final class LogChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "logs";

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(LogRead.class).findAny().isPresent();
    }

    @Override
    public Result check(RunRecord run) {
        List<Evidence> wrong = LogRule.ofPostgres()
                .check(run.events(LogLine.class)
                        .map(line -> new LogRule.Line(line.member(), line.number(), line.text()))
                        .toList())
                .stream()
                .map(Breach::sentence)
                .map(Evidence::of)
                .toList();
        List<LogRead> read = run.events(LogRead.class).toList();
        String where =
                "in " + Text.count(read.stream().mapToLong(LogRead::lines).sum(), "line", "lines") + " of "
                        + Text.count(read.size(), "log", "logs");
        if (wrong.isEmpty()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.KEPT,
                    "No server has said that its data is damaged or its history does not fit, " + where + "."));
        }
        boolean expected = run.allFaults().noneMatch(fault -> fault.faultClass() == FaultClass.DISK);
        return Result.of(Observations.finding(
                PROMISE, expected, "A disk was broken on purpose, so this is held against nobody.", wrong, "lines"));
    }
}
