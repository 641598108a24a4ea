package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.rule.Breach;
import io.github.pggauntlet.harness.check.rule.ConvergenceRule;
import io.github.pggauntlet.harness.check.rule.RowChecksum;
import io.github.pggauntlet.harness.history.RunEvent.DataChecked;
import io.github.pggauntlet.harness.history.RunEvent.TableRead;
import io.github.pggauntlet.strategy.FaultClass;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Have all members the same rows when the story is over and nobody writes, and are tables and indexes sound?
 *
 * <p>A standby that follows the wrong history, or was made of two, streams like any other and may have every row of a ledger. Broken
 * is the promise where a table's rows differ between members that are whole, or PostgreSQL's own check ({@code pg_amcheck
 * --heapallindexed}, over the catalogs too) has found something. Where a fault of the class {@link FaultClass#DISK} was made, or
 * one for which one writer is not promised, what was seen is told and held against nobody. O(n log n) for n tables.
 *
 * <p>Source: PostgreSQL's documentation of {@code pg_amcheck}.
 */
public final class DataChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "data";

    private static final int MOST_SAID = 300;

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(TableRead.class).findAny().isPresent()
                || run.events(DataChecked.class).findAny().isPresent();
    }

    @Override
    public Result check(RunRecord run) {
        List<TableRead> reads = run.events(TableRead.class).toList();
        List<DataChecked> checks = run.events(DataChecked.class).toList();
        List<Evidence> wrong = new ArrayList<>();
        new ConvergenceRule(reads.stream().map(TableRead::member).collect(Collectors.toUnmodifiableSet()))
                        .check(reads.stream()
                                .map(read -> new RowChecksum(read.member(), read.table(), read.rows(), read.checksum()))
                                .toList())
                        .stream()
                        .map(Breach::sentence)
                        .map(Text::sentence)
                        .map(Evidence::of)
                        .forEach(wrong::add);
        checks.stream()
                .filter(check -> !check.sound())
                .forEach(check -> wrong.add(Evidence.of("PostgreSQL's own check of " + check.member() + " said: "
                        + Text.cut(check.said(), MOST_SAID))));
        if (wrong.isEmpty()) {
            return Result.of(Finding.of(PROMISE, Ruling.KEPT, sound(reads, checks)));
        }
        boolean expected = run.promisedThroughout(promise -> promise.writers() == 1)
                && run.allFaults().noneMatch(fault -> fault.faultClass() == FaultClass.DISK);
        return Result.of(Observations.finding(
                PROMISE, expected, "This is held against nobody, for what was broken here.", wrong, "observations"));
    }

    private static String sound(List<TableRead> reads, List<DataChecked> checks) {
        List<String> seen = new ArrayList<>();
        long members = reads.stream().map(TableRead::member).distinct().count();
        if (members > 0) {
            long tables = reads.stream().map(TableRead::table).distinct().count();
            String rows = Text.count(reads.stream().mapToLong(TableRead::rows).sum() / members, "row", "rows");
            seen.add(
                    members == 1
                            ? "one member alone serves, and was read (" + rows + ")"
                            : Text.count(tables, "table has", "tables have") + " the same rows on " + members
                                    + " members (" + rows + ")");
        }
        if (!checks.isEmpty()) {
            seen.add("PostgreSQL's own check found nothing wrong with the tables and indexes of "
                    + Text.count(checks.size(), "member", "members"));
        }
        return Text.sentence(String.join("; ", seen));
    }
}
