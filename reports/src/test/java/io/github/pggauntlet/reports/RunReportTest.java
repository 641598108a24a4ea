package io.github.pggauntlet.reports;

import static io.github.pggauntlet.reports.SyntheticRun.MILLI;
import static io.github.pggauntlet.reports.SyntheticRun.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.reports.ReportModel.Interval;
import io.github.pggauntlet.reports.ReportModel.Lane;
import io.github.pggauntlet.reports.ReportModel.State;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {

    @TempDir
    Path path;

    @Test
    void transactionsBesideTheLedgerAreInTheLoadAndToldOf() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 1, 200, 20, true)) {
            run.event(new RunEvent.WorkloadBegun(0, "append", Map.of("isolation", "serializable")));
            // What was recorded is in the files only once it has been judged.
            run.judge();
            long before = RunReport.read(run.folder()).load().acknowledged().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            run.transaction(SECOND, SECOND + MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            run.transaction(SECOND, SECOND + MILLI, Outcome.UNKNOWN, "machine0", 1);
            run.judge();
            ReportModel model = RunReport.read(run.folder());

            assertThat(model.load().acknowledged().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(before + 1);
            assertThat(model.notices())
                    .containsExactly("Beside the ledger ran the workload 'append' {isolation=serializable}, with 1"
                            + " acknowledged transactions, 1 unknown, 0 failed; the load shows both.");
        }
    }

    @Test
    void aSoundRunGivesEverythingThatIsShownOfIt() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 3, 200, 20, true)) {
            Verdict verdict = run.judge();
            ReportModel model = RunReport.read(run.folder());

            assertThat(verdict.verdict()).isEqualTo(Ruling.KEPT);
            assertThat(model.verdict()).contains(verdict);
            assertThat(model.notices()).isEmpty();
            assertThat(model.counts().acknowledged()).isEqualTo(verdict.acknowledged());
            assertThat(model.counts().unknown()).isEqualTo(verdict.unknown());
            assertThat(model.counts().failed()).isEqualTo(verdict.failed());
            assertThat(model.outages()).hasSize(3);
            assertThat(model.faults())
                    .hasSize(4)
                    .allSatisfy(fault -> assertThat(fault.made()).isPresent());
            assertThat(model.faults().get(0).healed()).isPresent();
            assertThat(model.lost().count()).isZero();
            assertThat(model.timelines())
                    .extracting(ReportModel.Timeline::id, ReportModel.Timeline::parent, ReportModel.Timeline::depth)
                    .containsExactly(
                            tuple(1, OptionalInt.empty(), 0),
                            tuple(2, OptionalInt.of(1), 1),
                            tuple(3, OptionalInt.of(2), 2),
                            tuple(4, OptionalInt.of(3), 3),
                            tuple(5, OptionalInt.of(4), 4));
            assertThat(model.timelines().get(1).switchLsn()).isEqualTo("0/60A4F98");
            assertThat(model.timelines().stream()
                            .mapToLong(ReportModel.Timeline::acknowledged)
                            .sum())
                    .isEqualTo(verdict.acknowledged());
            assertThat(model.rejoins())
                    .extracting(ReportModel.Rejoin::way)
                    .containsExactly("copy", "rewind", "follow", "copy");
            assertThat(model.plan().again())
                    .isEqualTo("./gauntlet run --strategy streaming --durability sync --scenario crash-cycle"
                            + " --cycles 3 --variant postmaster --seed 7 --postgres 18");
        }
    }

    @Test
    void bucketsHoldEveryClientsWriteAndAreFew() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 2, 500, 30, true)) {
            run.judge();
            ReportModel model = RunReport.read(run.folder());

            assertThat(model.load().acknowledged())
                    .hasSizeBetween(LoadSeries.MOST_BUCKETS / 4, LoadSeries.MOST_BUCKETS);
            assertThat(sum(model.load().acknowledged()))
                    .isEqualTo(model.counts().clientAcknowledged());
            assertThat(sum(model.load().unknown())).isEqualTo(model.counts().clientUnknown());
            assertThat(sum(model.load().failed())).isEqualTo(model.counts().clientFailed());
        }
    }

    @Test
    void rolesFillTheTimeWithoutOverlap() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 3, 200, 20, true)) {
            ReportModel model = RunReport.read(flushed(run));

            for (Lane lane : model.lanes()) {
                List<Interval> roles = lane.roles();
                for (int i = 1; i < roles.size(); i++) {
                    assertThat(roles.get(i).from()).isEqualTo(roles.get(i - 1).to());
                }
                assertThat(roles.get(roles.size() - 1).to()).isEqualTo(model.duration());
            }
        }
    }

    @Test
    void aMemberWhosePowerWasCutIsShownToBeDownAndByWhom() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.status(0, "machine0", NodeRole.PRIMARY, true, 1);
            run.event(new RunEvent.PowerCut(100 * MILLI, 110 * MILLI, "p1", "machine1", "machine0", "exited"));
            run.event(new RunEvent.PowerRestored(SECOND, "p1", "machine0", "running"));
            run.status(2 * SECOND, "machine0", NodeRole.STANDBY, false, 1);
            List<Interval> roles = RunReport.read(flushed(run)).lanes().get(0).roles();

            assertThat(roles.get(1).from()).isEqualTo(110 * MILLI);
            assertThat(roles.get(1).state()).isEqualTo(ReportModel.State.STOPPED);
            assertThat(roles.get(1).detail()).isEqualTo("its power cut by machine1");
        }
    }

    @Test
    void aMemberThatIsKilledIsNotShownAliveUntilItIsNextAsked() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.status(0, "machine0", NodeRole.PRIMARY, true, 1);
            run.event(new RunEvent.FaultMade(
                    100 * MILLI,
                    110 * MILLI,
                    "f",
                    "host killed",
                    FaultClass.HOST_CRASH,
                    "primary",
                    "machine0",
                    "gone"));
            run.status(900 * MILLI, "machine0", NodeRole.UNREACHABLE, false, 0);
            run.journal(2 * SECOND, "machine0", Milestone.REJOIN_PLANNED, Map.of("way", "rewind", "reason", "forked"));
            run.status(2100 * MILLI, "machine0", NodeRole.REJOINING, false, 0);
            run.journal(3 * SECOND, "machine0", Milestone.REJOINED, Map.of("way", "rewind", "timeline", "2"));
            run.status(4 * SECOND, "machine0", NodeRole.STANDBY, false, 2);

            List<Interval> roles = RunReport.read(flushed(run)).lanes().get(0).roles();

            assertThat(roles)
                    .extracting(Interval::state)
                    .containsExactly(State.OPEN, State.STOPPED, State.UNREACHABLE, State.REJOINING, State.STREAMING);
            assertThat(roles.get(0).to()).isEqualTo(110 * MILLI);
            assertThat(roles.get(3).detail()).isEqualTo("rewind");
            assertThat(roles.get(4).timeline()).isEqualTo(OptionalInt.of(2));
        }
    }

    @Test
    void aLostWriteIsShownWithTheReadThatMissesIt() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            Write kept = run.write(0, MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            Write lost = run.write(MILLI, 2 * MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            run.write(2 * MILLI, 3 * MILLI, Outcome.UNKNOWN, "machine0", 1);
            run.read("machine1", Occasion.FINAL, SECOND, 2, KeySet.of(kept.firstKey()));
            Verdict verdict = run.judge();

            ReportModel model = RunReport.read(run.folder());

            assertThat(verdict.lost()).isEqualTo(1);
            assertThat(model.notices()).isEmpty();
            assertThat(model.lost().count()).isEqualTo(1);
            assertThat(model.lost().first().get(0).write()).isEqualTo(lost);
            assertThat(model.lost().first().get(0).read()).isEqualTo("final read on machine1, timeline 2");
        }
    }

    @Test
    void veryManyLostWritesAreCounted() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            for (int i = 0; i < 1000; i++) {
                run.write(i * MILLI, (i + 1) * MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            }
            run.read("machine0", Occasion.FINAL, 5 * SECOND, 1, KeySet.empty());
            run.judge();

            ReportModel model = RunReport.read(run.folder());

            assertThat(model.lost().count()).isEqualTo(1000);
            assertThat(model.lost().first()).hasSize(RunReport.MOST_LOST);
        }
    }

    @Test
    void twoWritersShowInTheirLanes() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            for (int i = 0; i < 100; i++) {
                run.write(i * MILLI, (i + 1) * MILLI, Outcome.ACKNOWLEDGED, "machine" + i % 2, 1 + i % 2);
            }
            Verdict verdict = run.judge();

            ReportModel model = RunReport.read(run.folder());

            assertThat(verdict.writersMax()).isEqualTo(2);
            assertThat(model.lanes())
                    .hasSize(2)
                    .allSatisfy(lane -> assertThat(lane.writing())
                            .hasSize(1)
                            .allSatisfy(span -> assertThat(span.writes()).isEqualTo(50)));
        }
    }

    @Test
    void aRunWithoutVerdictHasAReport() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 1, 100, 10, true)) {
            ReportModel model = RunReport.read(flushed(run));

            assertThat(model.verdict()).isEmpty();
            assertThat(model.notices()).singleElement().asString().contains("has not been judged");
            assertThat(model.counts().acknowledged()).isPositive();
            assertThat(model.plan().scenario()).isEqualTo("crash-cycle");
        }
    }

    @Test
    void aTornLastLineIsLeftOutAndTold() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.write(0, MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            flushed(run);
            Files.writeString(
                    run.folder().history(), "{\"op\":\"write\",\"id\":2,\"node\":\"mäch", StandardOpenOption.APPEND);

            ReportModel model = RunReport.read(run.folder());

            assertThat(model.counts().acknowledged()).isEqualTo(1);
            assertThat(model.notices()).anyMatch(notice -> notice.contains("in the midst of a line"));
        }
    }

    @Test
    void tornAnywhereTheHistoryIsStillRead() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.write(0, MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            run.write(MILLI, 2 * MILLI, Outcome.UNKNOWN, "mächine1", 1);
            byte[] whole = Files.readAllBytes(flushed(run).history());
            int lastLine = whole.length - 2;
            while (whole[lastLine] != '\n') {
                lastLine--;
            }
            for (int length = lastLine + 1; length <= whole.length; length++) {
                Files.write(run.folder().history(), Arrays.copyOf(whole, length));
                List<Operation> found = new ArrayList<>();
                boolean torn =
                        HistoryScan.scan(run.folder().history(), found::add).torn();

                assertThat(found).hasSize(length >= whole.length - 1 ? 2 : 1);
                assertThat(torn).isEqualTo(length > lastLine + 1 && length < whole.length - 1);
            }
        }
    }

    @Test
    void damageInTheMiddleIsToldByFileAndLine() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.write(0, MILLI, Outcome.ACKNOWLEDGED, "machine0", 1);
            flushed(run);
            Files.writeString(run.folder().history(), "{\"op\":\"wri\n{}\n", StandardOpenOption.APPEND);
            RunFolder folder = run.folder();

            assertThatThrownBy(() -> RunReport.read(folder))
                    .isInstanceOf(DamagedRunException.class)
                    .hasMessageContaining("history.jsonl, line 3");
        }
    }

    @Test
    void theScanSeesWhatTheReaderOfTheHarnessSees() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 2, 100, 10, false)) {
            run.write(
                    SessionKind.PROBE,
                    SECOND,
                    2 * SECOND,
                    Outcome.FAILED,
                    "",
                    0,
                    "08006",
                    "a \"quoted\" \\ text\n\twith </script> and ünïcode \u2028");
            flushed(run);
            List<Operation> writes = new ArrayList<>();
            List<Operation> reads = new ArrayList<>();
            HistoryScan.scan(run.folder().history(), operation -> {
                (operation instanceof Write ? writes : reads).add(operation);
            });

            assertThat(writes)
                    .isEqualTo(HistoryReader.read(run.folder().history()).writes());
            assertThat(reads)
                    .isEqualTo(HistoryReader.read(run.folder().history()).reads());
        }
    }

    @Test
    void anUnreadablePlanOrVerdictIsToldAndTheRestIsShown() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 1, 50, 8, true)) {
            run.plan("{\"strategy\": ");
            Files.writeString(flushed(run).verdict(), "[]");

            ReportModel model = RunReport.read(run.folder());

            assertThat(model.notices())
                    .hasSize(2)
                    .anyMatch(notice -> notice.startsWith("verdict.json cannot be read"))
                    .anyMatch(notice -> notice.startsWith("plan.json cannot be read"));
            assertThat(model.faults()).hasSize(2);
        }
    }

    @Test
    void aPlansOwnCommandIsQuotedForTheShell() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.plan("{\"command\":[\"./gauntlet\",\"run\",\"--out\",\"it's; rm -rf x\"]}");

            assertThat(RunReport.read(flushed(run)).plan().again())
                    .isEqualTo("./gauntlet run --out 'it'\\''s; rm -rf x'");
        }
    }

    /** Closes the record, as far as a reader can tell. */
    static RunFolder flushed(SyntheticRun run) {
        run.close();
        return run.folder();
    }

    private static long sum(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }
}
