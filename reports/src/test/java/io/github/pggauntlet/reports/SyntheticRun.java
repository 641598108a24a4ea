package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Judge;
import io.github.pggauntlet.harness.check.RunRecord;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.Operation.Transaction;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * Writes run folders as the harness does, of runs that never were. It is long because it has a word for each kind of event that a run
 * can record.
 */
final class SyntheticRun implements AutoCloseable {

    static final TimeAnchor ANCHOR = new TimeAnchor(Instant.parse("2026-03-01T12:00:00Z"));
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    static final Promises PROMISES = Promises.none()
            .with(FaultClass.POSTMASTER_CRASH, new Promise(LossBound.none(), Duration.ofSeconds(3), 1, true))
            .with(FaultClass.HOST_CRASH, new Promise(LossBound.none(), Duration.ofSeconds(10), 1, true))
            .with(FaultClass.STANDBY_LOSS, new Promise(LossBound.none(), Duration.ofSeconds(3), 1, true));

    private final RunFolder folder;
    private final HistoryWriter history;
    private final EventWriter events;
    private final Map<String, Long> sequences = new HashMap<>();
    private final KeySet.Builder written = new KeySet.Builder();
    private long ids;
    private long keys;

    SyntheticRun(Path path) throws IOException {
        this.folder = RunFolder.create(path);
        this.history = HistoryWriter.create(folder.history(), ANCHOR);
        this.events = EventWriter.create(folder.events(), ANCHOR);
        plan("{\"format\":1,\"plan\":{\"strategy\":\"streaming\",\"durability\":\"SYNC\",\"scenario\":\"crash-cycle\","
                + "\"parameters\":{\"cycles\":\"3\",\"variant\":\"postmaster\"},\"seed\":7,\"machines\":2,\"postgres\":18,"
                + "\"sessions\":8,\"rate\":0.0},\"promises\":{},\"versions\":{\"postgresql\":\"18.1\"}}");
    }

    RunFolder folder() {
        return folder;
    }

    void plan(String json) throws IOException {
        Files.writeString(folder.plan(), json);
    }

    Write write(long invoked, long completed, Outcome outcome, String node, int timeline) {
        return write(SessionKind.CLIENT, invoked, completed, outcome, node, timeline, "", "");
    }

    Write write(
            SessionKind kind,
            long invoked,
            long completed,
            Outcome outcome,
            String node,
            int timeline,
            String sqlState,
            String detail) {
        Write write = new Write(
                ++ids, (int) (ids % 8), kind, ++keys, 1, invoked, completed, outcome, sqlState, node, timeline, detail);
        history.append(write);
        if (outcome == Outcome.ACKNOWLEDGED) {
            written.add(keys);
        }
        return write;
    }

    void transaction(long invoked, long completed, Outcome outcome, String node, int timeline) {
        history.append(new Transaction(
                ++ids,
                (int) (ids % 8),
                invoked,
                completed,
                outcome,
                "",
                node,
                timeline,
                List.of(new Access.Note(1)),
                ""));
    }

    void read(String node, Occasion occasion, long at, int timeline, KeySet keys) {
        history.append(new Read(node, occasion, at, at + 20 * MILLI, timeline, true, keys, 0, keys.size(), "d", ""));
    }

    KeySet written() {
        return written.build();
    }

    void event(RunEvent event) {
        events.append(event);
    }

    void status(long at, String member, NodeRole role, boolean open, int timeline) {
        event(new RunEvent.StatusSample(
                at + 2 * MILLI,
                new NodeStatus(
                        member,
                        ANCHOR.instant(at),
                        role,
                        open,
                        timeline == 0 ? OptionalInt.empty() : OptionalInt.of(timeline),
                        timeline == 0 ? Optional.empty() : Optional.of(Lsn.parse("0/5000000")),
                        role == NodeRole.STANDBY,
                        timeline == 0 ? OptionalLong.empty() : OptionalLong.of(41),
                        Set.of(),
                        true,
                        "")));
    }

    void journal(long at, String member, Milestone milestone, Map<String, String> details) {
        long sequence = sequences.merge(member, 1L, Long::sum);
        event(new RunEvent.Journal(
                at + 40 * MILLI, new JournalEntry(sequence, ANCHOR.instant(at), member, milestone, details)));
    }

    /** Judges what has been recorded, and writes the verdict. */
    Verdict judge() throws IOException {
        history.flush();
        events.flush();
        Verdict verdict = Judge.withAllCheckers()
                .judge(
                        new RunRecord(
                                HistoryReader.read(folder.history()), EventReader.read(folder.events()), PROMISES),
                        Verdict.RunFacts.of(
                                7,
                                "streaming",
                                "crash-cycle",
                                Map.of(
                                        "postgresql", "17.6 (Debian 17.6-1.pgdg12+1)",
                                        "etcd", "3.6.5",
                                        "toxiproxy", "2.12.0",
                                        "pg-gauntlet", "0.1.0-SNAPSHOT",
                                        "java", "17.0.15")));
        Files.writeString(folder.verdict(), new VerdictJson().write(verdict));
        return verdict;
    }

    @Override
    public void close() {
        history.close();
        events.close();
    }

    // ---- a whole run

    /**
     * A run in which each failover takes the primary's place in turn, with load throughout.
     *
     * @param failovers how many
     * @param rate clients' writes a second
     * @param seconds how long the load lasts
     * @param sound whether nothing is lost and the old primary stops in time
     */
    static SyntheticRun crashCycle(Path path, int failovers, int rate, int seconds, boolean sound) throws IOException {
        SyntheticRun run = new SyntheticRun(path);
        new CrashCycle(run, failovers, rate, seconds * SECOND, sound).record();
        return run;
    }

    private record Term(String primary, int timeline, long from, long to) {}

    private static final class CrashCycle {

        private final SyntheticRun run;
        private final int failovers;
        private final int rate;
        private final long end;
        private final boolean sound;
        private final Random random = new Random(7);
        private final List<Term> terms = new ArrayList<>();
        private final List<long[]> down = new ArrayList<>();

        CrashCycle(SyntheticRun run, int failovers, int rate, long end, boolean sound) {
            this.run = run;
            this.failovers = failovers;
            this.rate = rate;
            this.end = end;
            this.sound = sound;
        }

        void record() throws IOException {
            run.event(new RunEvent.Phase(0, "install"));
            run.journal(100 * MILLI, "machine0", Milestone.AGENT_STARTED, Map.of());
            run.journal(120 * MILLI, "machine1", Milestone.AGENT_STARTED, Map.of());
            run.journal(900 * MILLI, "machine0", Milestone.BOOTSTRAPPED, Map.of());
            run.journal(1200 * MILLI, "machine0", Milestone.OPENED, Map.of("term", "1"));
            run.journal(
                    1250 * MILLI,
                    "machine1",
                    Milestone.REJOIN_PLANNED,
                    Map.of("way", "copy", "reason", "There is no data directory.", "primary", "machine0"));
            run.journal(
                    1900 * MILLI,
                    "machine1",
                    Milestone.REJOINED,
                    Map.of("way", "copy", "timeline", "1", "evidence", "copy: base directory new"));
            long loadFrom = 2200 * MILLI;
            run.event(new RunEvent.Phase(loadFrom, "load"));
            long from = loadFrom;
            long each = (end - SECOND) / (failovers + 1);
            String primary = "machine0";
            int timeline = 1;
            for (int i = 1; i <= failovers; i++) {
                long fault = loadFrom + i * each - random.nextInt(600) * MILLI;
                run.event(new RunEvent.Phase(fault, "cycle " + i));
                long open = failover(i, fault, primary, timeline);
                terms.add(new Term(primary, timeline, from, fault));
                primary = other(primary);
                timeline++;
                from = open;
            }
            terms.add(new Term(primary, timeline, from, loadFrom + end));
            writes();
            samples(loadFrom + end + 6 * SECOND);
            long done = loadFrom + end;
            run.event(new RunEvent.Phase(done, "examination"));
            for (long at = loadFrom; at <= done; at += 900 * MILLI) {
                run.event(new RunEvent.Progress(at, at / 1000, 0, 0));
            }
            examine(done, primary, timeline);
        }

        private long failover(int number, long fault, String old, int timeline) {
            String heir = other(old);
            long t = fault + 3 * MILLI;
            run.event(new RunEvent.FaultMade(
                    fault,
                    t,
                    "crash-" + number,
                    "postmaster killed",
                    FaultClass.POSTMASTER_CRASH,
                    "primary",
                    old,
                    "process 41 is gone"));
            run.journal(t + MILLI, old, Milestone.FAILURE_DETECTED, Map.of("was", "RUNNING"));
            run.journal(t + (6 + random.nextInt(8)) * MILLI, old, Milestone.FENCED, Map.of());
            run.journal(t + 18 * MILLI, old, Milestone.LEASE_RELEASED, Map.of());
            run.journal(t + 24 * MILLI, heir, Milestone.VACANCY_SEEN, Map.of("term", String.valueOf(timeline)));
            long elected = t + (30 + random.nextInt(25)) * MILLI;
            run.journal(elected, heir, Milestone.ELECTED, Map.of("term", String.valueOf(timeline + 1)));
            run.journal(
                    elected + MILLI,
                    heir,
                    Milestone.PROMOTION_STARTED,
                    Map.of("from-timeline", String.valueOf(timeline), "lsn", "0/" + (5 + timeline) + "0A4F98"));
            long promoted = elected + (110 + random.nextInt(60)) * MILLI;
            run.journal(promoted, heir, Milestone.PROMOTED, Map.of("timeline", String.valueOf(timeline + 1)));
            long open = promoted + (15 + random.nextInt(20)) * MILLI;
            run.journal(open, heir, Milestone.OPENED, Map.of("term", String.valueOf(timeline + 1)));
            run.journal(open + 5 * MILLI, heir, Milestone.ALONE, Map.of("durability", "sync", "was", old));
            // The one that is examined for lost rows does not come back.
            if (number > failovers) {
                return open;
            }
            String way = number % 3 == 1 ? "rewind" : number % 3 == 2 ? "follow" : "copy";
            String reason = switch (way) {
                case "rewind" -> "The local WAL ends at 0/60A5120, past the branch point 0/60A4F98.";
                case "follow" -> "The local WAL ends before the branch point.";
                default -> "A segment that pg_rewind needs is gone on both sides.";
            };
            long back = open + 1500 * MILLI;
            run.journal(back, old, Milestone.REJOIN_PLANNED, Map.of("way", way, "reason", reason, "primary", heir));
            long joined = back + (way.equals("copy") ? 2400 : 900) * MILLI;
            run.journal(
                    joined,
                    old,
                    Milestone.REJOINED,
                    Map.of(
                            "way",
                            way,
                            "timeline",
                            String.valueOf(timeline + 1),
                            "evidence",
                            way + ": history of timeline " + (timeline + 1) + " new"));
            run.event(new RunEvent.FaultHealed(joined + 50 * MILLI, "crash-" + number, old + " streams"));
            run.journal(joined + 60 * MILLI, heir, Milestone.REDUNDANT, Map.of("standby", old));
            down.add(new long[] {t, back, joined, old.equals("machine0") ? 0 : 1});
            return open + 20 * MILLI;
        }

        private void writes() {
            long gap = SECOND / rate;
            for (Term term : terms) {
                boolean last = term.timeline() > failovers;
                long until = sound || last || term.timeline() != 1 ? term.to() : term.to() + 800 * MILLI;
                int n = 0;
                for (long at = term.from(); at < until - MILLI; at += gap) {
                    long slow = random.nextInt(200) == 0 ? random.nextInt(12) * MILLI : 0;
                    long latency = (long) ((0.6 + random.nextGaussian() * 0.12 + 0.2 * Math.sin(at / 2e9)) * MILLI);
                    long done = at + Math.max(MILLI / 5, latency) + slow;
                    if (random.nextDouble() < 0.25 + 0.2 * Math.sin(at / 1.7e9)) {
                        continue;
                    }
                    if (done < until) {
                        run.write(at, done, Outcome.ACKNOWLEDGED, term.primary(), term.timeline());
                    }
                    if (++n % 2000 == 0) {
                        probes(done, term);
                    }
                }
                probes(until - MILLI, term);
                if (!last) {
                    for (int i = 0; i < 8; i++) {
                        run.write(
                                SessionKind.CLIENT,
                                until - MILLI,
                                until + (1L + i) * MILLI / 2,
                                Outcome.UNKNOWN,
                                term.primary(),
                                term.timeline(),
                                "57P01",
                                "terminating connection due to administrator command");
                    }
                    for (int i = 0; i < 12; i++) {
                        run.write(
                                SessionKind.CLIENT,
                                until + i * 10L * MILLI,
                                until + (i * 10L + 2) * MILLI,
                                Outcome.FAILED,
                                "",
                                0,
                                "08001",
                                "connection refused");
                    }
                }
            }
        }

        private void probes(long at, Term term) {
            for (String member : List.of("machine0", "machine1")) {
                boolean primary = member.equals(term.primary());
                run.write(
                        SessionKind.PROBE,
                        at,
                        at + MILLI / 2,
                        primary ? Outcome.ACKNOWLEDGED : Outcome.FAILED,
                        member,
                        primary ? term.timeline() : 0,
                        primary ? "" : "25006",
                        primary ? "" : "cannot execute INSERT in a read-only transaction");
            }
        }

        private void samples(long until) {
            for (long at = 150 * MILLI; at < until; at += 200 * MILLI) {
                long now = at;
                for (int member = 0; member < 2; member++) {
                    String name = "machine" + member;
                    int m = member;
                    Optional<long[]> out = down.stream()
                            .filter(d -> d[3] == m && d[0] <= now && now < d[2])
                            .findFirst();
                    Optional<Term> term = terms.stream()
                            .filter(each -> each.from() <= now && now < each.to())
                            .findFirst();
                    if (now < 1900 * MILLI && member == 1) {
                        run.status(now, name, now < 1250 * MILLI ? NodeRole.STOPPED : NodeRole.REJOINING, false, 0);
                    } else if (now < 1200 * MILLI) {
                        run.status(now, name, now < 900 * MILLI ? NodeRole.STOPPED : NodeRole.TRANSITION, false, 0);
                    } else if (out.isPresent()) {
                        run.status(now, name, now < out.get()[1] ? NodeRole.STOPPED : NodeRole.REJOINING, false, 0);
                    } else if (term.isPresent()) {
                        boolean primary = term.get().primary().equals(name);
                        run.status(
                                now,
                                name,
                                primary ? NodeRole.PRIMARY : NodeRole.STANDBY,
                                primary,
                                term.get().timeline());
                    }
                }
            }
        }

        private void examine(long done, String primary, int timeline) {
            KeySet all = run.written();
            KeySet kept = sound
                    ? all
                    : all.minus(KeySet.of(
                            all.stream().filter(key -> key % 977 == 0).limit(24).toArray()));
            run.read(primary, Occasion.FINAL, done + SECOND, timeline, kept);
            run.read(other(primary), Occasion.FINAL, done + SECOND, timeline, kept);
            failover(failovers + 1, done + 2 * SECOND, primary, timeline);
            run.read(other(primary), Occasion.AFTER_ONE_MORE_FAILOVER, done + 6 * SECOND, timeline + 1, kept);
        }

        private static String other(String member) {
            return member.equals("machine0") ? "machine1" : "machine0";
        }
    }
}
