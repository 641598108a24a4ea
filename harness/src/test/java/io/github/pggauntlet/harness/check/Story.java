package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Tells a run, step by step, for tests: what is not said is as in a sound run of two members. Times are milliseconds.
 */
final class Story {

    static final String A = "machine0";
    static final String B = "machine1";
    private static final long MILLI = 1_000_000;
    private static final TimeAnchor ANCHOR = new TimeAnchor(Instant.parse("2026-01-01T00:00:00Z"));

    private final List<Operation.Write> writes = new ArrayList<>();
    private final List<Operation.Read> reads = new ArrayList<>();
    private final List<RunEvent> events = new ArrayList<>();
    private Promises promises = Promises.none();
    private long nextKey = 1;
    private long sequence;

    static Promises promising(LossBound loss) {
        Promise promise = new Promise(loss, Duration.ofSeconds(2), 1, true);
        Promises promises = Promises.none();
        for (FaultClass fault : FaultClass.values()) {
            promises = promises.with(fault, promise);
        }
        return promises;
    }

    /** The seed's story: the primary crashes, the standby takes over, the old primary returns; read at 5 s and at 8 s. */
    static Story crashAndReturn() {
        return new Story()
                .promise(promising(LossBound.none()))
                .acknowledged(100, A, 1)
                .transaction(200, A, 1, 3)
                .acknowledged(900, A, 1)
                .probes(950)
                .fault(1000, "f1", FaultClass.POSTMASTER_CRASH, A)
                .unknown(1010, A, 1)
                .journal(1050, A, Milestone.FAILURE_DETECTED)
                .journal(1080, A, Milestone.FENCED)
                .journal(1100, A, Milestone.LEASE_RELEASED)
                .journal(1150, B, Milestone.ELECTED)
                .journal(1160, B, Milestone.PROMOTION_STARTED)
                .journal(1300, B, Milestone.PROMOTED)
                .journal(1310, B, Milestone.OPENED)
                .acknowledged(1350, B, 2)
                .transaction(1400, B, 2, 4)
                .probes(1450)
                .journal(
                        1500,
                        A,
                        Milestone.REJOIN_PLANNED,
                        "way",
                        "rewind",
                        "reason",
                        "it has WAL that machine1 has not")
                .journal(
                        2000,
                        A,
                        Milestone.REJOINED,
                        "way",
                        "rewind",
                        "timeline",
                        "2",
                        "evidence",
                        "rewind: kept base/1")
                .primary(2100, B, 2)
                .standby(2110, A, 2)
                .acknowledged(3000, B, 2)
                .progress(3050);
    }

    /** The same with the final reads. */
    static Story complete() {
        Story story = crashAndReturn();
        return story.read(5000, B, Occasion.FINAL, 2, true, story.acknowledgedKeys())
                .read(5100, A, Occasion.FINAL, 2, false, story.acknowledgedKeys())
                .fault(6000, "f2", FaultClass.POSTMASTER_CRASH, B)
                .read(8000, A, Occasion.AFTER_ONE_MORE_FAILOVER, 3, true, story.acknowledgedKeys());
    }

    Story promise(Promises made) {
        promises = made;
        return this;
    }

    Story acknowledged(long at, String node, int timeline) {
        return write(at, at + 5, node, timeline, 1, Outcome.ACKNOWLEDGED, SessionKind.CLIENT);
    }

    Story acknowledged(long invoked, long completed, String node, int timeline) {
        return write(invoked, completed, node, timeline, 1, Outcome.ACKNOWLEDGED, SessionKind.CLIENT);
    }

    Story transaction(long at, String node, int timeline, int keys) {
        return write(at, at + 5, node, timeline, keys, Outcome.ACKNOWLEDGED, SessionKind.CLIENT);
    }

    Story unknown(long at, String node, int timeline) {
        return write(at, at + 50, node, timeline, 1, Outcome.UNKNOWN, SessionKind.CLIENT);
    }

    Story failed(long at, String node, int timeline) {
        return write(at, at + 5, node, timeline, 1, Outcome.FAILED, SessionKind.CLIENT);
    }

    Story probes(long at) {
        write(at, at + 1, A, 0, 1, Outcome.FAILED, SessionKind.PROBE);
        return write(at, at + 1, B, 0, 1, Outcome.FAILED, SessionKind.PROBE);
    }

    Story write(long from, long to, String node, int timeline, int keys, Outcome outcome, SessionKind kind) {
        writes.add(new Operation.Write(
                writes.size() + 1L, 1, kind, nextKey, keys, from * MILLI, to * MILLI, outcome, "", node, timeline, ""));
        nextKey += keys;
        return this;
    }

    Story read(long at, String node, Occasion occasion, int timeline, boolean proven, KeySet keys) {
        reads.add(new Operation.Read(
                node,
                occasion,
                at * MILLI,
                (at + 20) * MILLI,
                timeline,
                proven,
                keys,
                0,
                keys.size(),
                keys.toString(),
                ""));
        return this;
    }

    /** Changes the read of this number, counted from zero. */
    Story rereading(int number, UnaryOperator<Operation.Read> change) {
        reads.set(number, change.apply(reads.get(number)));
        return this;
    }

    Story without(Class<? extends RunEvent> kind) {
        events.removeIf(kind::isInstance);
        return this;
    }

    Story without(Milestone milestone) {
        events.removeIf(event ->
                event instanceof RunEvent.Journal journal && journal.entry().milestone() == milestone);
        return this;
    }

    Story withoutReads() {
        reads.clear();
        return this;
    }

    Story withoutProbes() {
        writes.removeIf(write -> write.kind() == SessionKind.PROBE);
        return this;
    }

    Story fault(long at, String id, FaultClass fault, String member) {
        events.add(new RunEvent.FaultMade(
                at * MILLI, (at + 2) * MILLI, id, "postmaster killed", fault, "primary", member, "pid gone"));
        return this;
    }

    /** A fault that ends nothing. */
    Story sparing(long at, String id, FaultClass fault, String member) {
        events.add(new RunEvent.FaultMade(
                at * MILLI, (at + 2) * MILLI, id, "host frozen", fault, "primary", member, "paused", true));
        return this;
    }

    Story healed(long at, String id) {
        events.add(new RunEvent.FaultHealed(at * MILLI, id, "healed"));
        return this;
    }

    Story powerCut(long at, String id, String by, String member) {
        events.add(new RunEvent.PowerCut(at * MILLI, (at + 2) * MILLI, id, by, member, "exited"));
        return this;
    }

    Story powerRestored(long at, String id, String member) {
        events.add(new RunEvent.PowerRestored(at * MILLI, id, member, "running"));
        return this;
    }

    Story notMade(long at, String id) {
        events.add(new RunEvent.FaultNotMade(at * MILLI, id, "postmaster killed", "primary", "no engine"));
        return this;
    }

    Story journal(long at, String member, Milestone milestone, String... details) {
        Map<String, String> map = new java.util.HashMap<>();
        for (int i = 0; i < details.length; i += 2) {
            map.put(details[i], details[i + 1]);
        }
        sequence++;
        events.add(new RunEvent.Journal(
                at * MILLI, new JournalEntry(sequence, ANCHOR.instant(at * MILLI), member, milestone, map)));
        return this;
    }

    Story primary(long at, String member, int timeline) {
        return status(at, member, NodeRole.PRIMARY, timeline, false);
    }

    Story standby(long at, String member, int timeline) {
        return status(at, member, NodeRole.STANDBY, timeline, true);
    }

    /** One look at two members that are as redundant as they can be. */
    Story whole(long at, String primary, String standby, int timeline) {
        for (String member : List.of(primary, standby)) {
            boolean leads = member.equals(primary);
            events.add(new RunEvent.StatusSample(
                    at * MILLI,
                    new NodeStatus(
                            member,
                            ANCHOR.instant(at * MILLI),
                            leads ? NodeRole.PRIMARY : NodeRole.STANDBY,
                            leads,
                            OptionalInt.of(timeline),
                            Optional.empty(),
                            !leads,
                            OptionalLong.empty(),
                            Set.of(primary, standby),
                            true,
                            "")));
        }
        return this;
    }

    Story status(long at, String member, NodeRole role, int timeline, boolean streaming) {
        events.add(new RunEvent.StatusSample(
                at * MILLI,
                new NodeStatus(
                        member,
                        ANCHOR.instant(at * MILLI),
                        role,
                        role == NodeRole.PRIMARY,
                        OptionalInt.of(timeline),
                        Optional.empty(),
                        streaming,
                        OptionalLong.empty(),
                        Set.of(),
                        true,
                        "")));
        return this;
    }

    Story cut(long at) {
        events.add(new RunEvent.Cut(at * MILLI, "nobody took over"));
        return this;
    }

    Story phase(long at, String name) {
        events.add(new RunEvent.Phase(at * MILLI, name));
        return this;
    }

    Story progress(long at) {
        events.add(new RunEvent.Progress(at * MILLI, 0, 0, 0));
        return this;
    }

    KeySet acknowledgedKeys() {
        return keys(Outcome.ACKNOWLEDGED);
    }

    KeySet keys(Outcome outcome) {
        KeySet.Builder keys = new KeySet.Builder();
        writes.stream()
                .filter(write -> write.outcome() == outcome)
                .forEach(write -> keys.addRange(write.firstKey(), write.keys()));
        return keys.build();
    }

    RunRecord record() {
        return new RunRecord(new History(ANCHOR, writes, reads), events, promises);
    }
}
