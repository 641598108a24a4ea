package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.LocalData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Nothing;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.PrimaryData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Trials;
import io.github.pggauntlet.strategy.decision.WalWorld.End;
import io.github.pggauntlet.strategy.decision.WalWorld.Node;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.ControlData.State;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import io.github.pggauntlet.strategy.postgres.TimelineHistory.Switch;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The planner's judgement against the truth of a world in which every record is known. */
class RejoinPlannerProperties {

    private static final Set<Way> KEEPING = EnumSet.of(Way.FOLLOW, Way.RECOVER);

    @Property(tries = 3000)
    void whoFollowsHoldsNothingButAPrefixOfThePrimarysHistory(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 4) int servers,
            @ForAll @IntRange(max = 60) int events) {
        forEach(seed, servers, events, (world, node) -> {
            RejoinPlan plan = RejoinPlanner.plan(world.localData(node, true, false, 0), world.primaryData(true));
            if (KEEPING.contains(plan.way())) {
                assertThat(world.holdsOnlyWhatThePrimaryHas(node))
                        .as(plan.reason())
                        .isTrue();
                assertThat(plan.way()).isEqualTo(node.end() == End.SHUT_DOWN ? Way.FOLLOW : Way.RECOVER);
            }
        });
    }

    /** Nothing is rewound or copied that could have followed: a standby always, a primary that was shut down in order. */
    @Property(tries = 3000)
    void whoCouldFollowDoes(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 4) int servers,
            @ForAll @IntRange(max = 60) int events) {
        forEach(seed, servers, events, (world, node) -> {
            boolean could = node.wasPrimary()
                    ? node.end() == End.SHUT_DOWN && world.endsAtTheFork(node)
                    : world.holdsOnlyWhatThePrimaryHas(node);
            if (could) {
                RejoinPlan plan = RejoinPlanner.plan(world.localData(node, true, false, 0), world.primaryData(true));
                assertThat(plan.way()).as(plan.reason()).isIn(KEEPING);
            }
        });
    }

    @Property(tries = 2000)
    void whatIsRewoundCanBeRewound(
            @ForAll long seed,
            @ForAll @IntRange(max = 60) int events,
            @ForAll boolean rewindable,
            @ForAll boolean ready,
            @ForAll @IntRange(max = 2) int failed) {
        forEach(seed, 3, events, (world, node) -> {
            LocalData here = world.localData(node, rewindable, false, failed);
            RejoinPlan plan = RejoinPlanner.plan(here, world.primaryData(ready));
            if (plan.way() == Way.REWIND) {
                assertThat(rewindable).isTrue();
                assertThat(ready).isTrue();
                assertThat(failed).isZero();
                // pg_rewind would find nothing to do between two timelines of the same number.
                assertThat(here.history().timeline())
                        .isNotEqualTo(world.primaryData(true).history().timeline());
            }
            if (plan.way() == Way.WAIT) {
                assertThat(ready).isFalse();
                assertThat(RejoinPlanner.plan(here, world.primaryData(true)).way())
                        .isEqualTo(Way.REWIND);
            }
        });
    }

    @Property(tries = 2000)
    void theSameTimelineNumberWithAnotherHistoryIsNeverKept(@ForAll long seed, @ForAll @IntRange(max = 60) int events) {
        forEach(seed, 4, events, (world, node) -> {
            if (world.sameNumberOtherHistory(node)) {
                assertThat(RejoinPlanner.plan(world.localData(node, true, false, 0), world.primaryData(true))
                                .way())
                        .isEqualTo(Way.COPY);
            }
        });
    }

    @Property(tries = 500)
    void whatARewindLeftHalfDoneIsNeverStarted(@ForAll long seed, @ForAll @IntRange(max = 60) int events) {
        forEach(
                seed,
                3,
                events,
                (world, node) -> assertThat(
                                RejoinPlanner.plan(world.localData(node, true, true, 0), world.primaryData(true))
                                        .way())
                        .isEqualTo(Way.COPY));
    }

    @Property(tries = 500)
    void dataOfAnotherClusterAreNotTouched(
            @ForAll long seed, @ForAll @IntRange(max = 60) int events, @ForAll boolean interrupted) {
        forEach(seed, 3, events, (world, node) -> {
            PrimaryData other = new PrimaryData("8", world.primaryData(true).history(), true, Optional.empty());
            assertThat(RejoinPlanner.plan(world.localData(node, true, interrupted, 0), other)
                            .way())
                    .isEqualTo(Way.QUARANTINE);
        });
    }

    /** The properties above are worth what the worlds are worth: each way is gone, by former primaries and standbys. */
    @Example
    void theWorldsHoldAllCasesThereAre() {
        Map<Way, Integer> ofPrimaries = new EnumMap<>(Way.class);
        Map<Way, Integer> ofStandbys = new EnumMap<>(Way.class);
        int[] sameNumber = new int[1];
        for (long seed = 0; seed < 2000; seed++) {
            forEach(seed, 4, 40, (world, node) -> {
                Way way = RejoinPlanner.plan(world.localData(node, true, false, 0), world.primaryData(true))
                        .way();
                (node.wasPrimary() ? ofPrimaries : ofStandbys).merge(way, 1, Integer::sum);
                sameNumber[0] += world.sameNumberOtherHistory(node) ? 1 : 0;
            });
        }
        assertThat(ofPrimaries).containsOnlyKeys(Way.FOLLOW, Way.REWIND, Way.COPY);
        assertThat(ofStandbys).containsOnlyKeys(Way.FOLLOW, Way.RECOVER, Way.REWIND, Way.COPY);
        assertThat(sameNumber[0]).isGreaterThan(100);
        assertThat(ofPrimaries.values()).allMatch(count -> count > 10);
        assertThat(ofStandbys.values()).allMatch(count -> count > 10);
    }

    // The cases that one must be able to read.

    private static final PrimaryData SECOND = new PrimaryData("7", history(2, 1, "0/5000"), true, Optional.empty());

    @Example
    void aMemberWithoutDataCopies() {
        assertThat(RejoinPlanner.plan(new Nothing(), SECOND).way()).isEqualTo(Way.COPY);
    }

    @Example
    void aCleanShutdownExactlyAtTheForkFollowsAndOneRecordBeyondIsRewound() {
        assertThat(plan(primary(State.SHUT_DOWN, "0/5000"), SECOND).way()).isEqualTo(Way.FOLLOW);
        assertThat(plan(primary(State.SHUT_DOWN, "0/5078"), SECOND).way()).isEqualTo(Way.REWIND);
        // Before the fork: somebody else has gone on with its timeline.
        assertThat(plan(primary(State.SHUT_DOWN, "0/4F88"), SECOND).way()).isEqualTo(Way.COPY);
    }

    @Example
    void aCleanShutdownWhoseLastRecordCannotBeReadIsNotBelieved() {
        LocalData here = new LocalData(
                control(State.SHUT_DOWN, "0/4F88", 1, "0/0", 0),
                TimelineHistory.first(),
                Optional.empty(),
                Optional.empty(),
                false,
                Trials.NONE);

        assertThat(plan(here, SECOND).way()).isEqualTo(Way.REWIND);
    }

    @Example
    void aPrimaryThatCrashedIsRewound() {
        for (State state :
                List.of(State.IN_PRODUCTION, State.SHUTTING_DOWN, State.STARTING_UP, State.IN_CRASH_RECOVERY)) {
            assertThat(plan(primary(state, "0/4000"), SECOND))
                    .matches(plan -> plan.way() == Way.REWIND)
                    .matches(plan -> plan.reason().contains("'" + state + "'"));
        }
    }

    @Example
    void aStandbyUpToTheForkRecoversAndBeyondItIsRewound() {
        assertThat(plan(standby(Optional.of("0/5000")), SECOND).way()).isEqualTo(Way.RECOVER);
        assertThat(plan(standby(Optional.of("0/5008")), SECOND).way()).isEqualTo(Way.REWIND);
    }

    /** How far its WAL reaches cannot be told, so it cannot be told that it reaches no farther than the fork. */
    @Example
    void aStandbyOfWhichTooLittleIsKnownIsNotBelieved() {
        assertThat(plan(standby(Optional.empty()), SECOND).way()).isEqualTo(Way.REWIND);
    }

    /** Its control file knows of timeline 1 only, where it is before the fork; its WAL has gone on to timeline 2. */
    @Example
    void aStandbyIsJudgedByTheFarthestTimelineThatItHas() {
        PrimaryData third = new PrimaryData("7", history(3, 1, "0/5000", 2, "0/6000"), true, Optional.empty());
        ControlData behind = control(State.IN_ARCHIVE_RECOVERY, "0/4000", 1, "0/4800", 1);

        assertThat(plan(local(behind, history(2, 1, "0/5000"), "0/6000"), third).way())
                .isEqualTo(Way.RECOVER);
        assertThat(plan(local(behind, history(2, 1, "0/5000"), "0/6008"), third).way())
                .isEqualTo(Way.REWIND);
        // A promotion that was cut short has left another timeline 2 than the one the primary came by.
        assertThat(plan(local(behind, history(2, 1, "0/4900"), "0/4900"), third).way())
                .isEqualTo(Way.REWIND);
        assertThat(plan(local(behind, history(2, 1, "0/4900"), "0/4900"), SECOND)
                        .way())
                .isEqualTo(Way.COPY);
    }

    @Example
    void aMemberThatWasItselfPrimaryOnThePrimarysTimelineCopies() {
        LocalData here = new LocalData(
                control(State.IN_PRODUCTION, "0/6000", 2, "0/0", 0),
                history(2, 1, "0/5000"),
                Optional.empty(),
                Optional.empty(),
                false,
                Trials.NONE);

        assertThat(plan(here, SECOND).way()).isEqualTo(Way.COPY);
    }

    @Example
    void aFarBranchThatThePrimaryNeverPassedIsRewound() {
        LocalData here = new LocalData(
                control(State.IN_PRODUCTION, "0/6000", 5, "0/0", 0),
                history(5, 1, "0/3000"),
                Optional.empty(),
                Optional.empty(),
                false,
                Trials.NONE);

        assertThat(plan(here, SECOND).way()).isEqualTo(Way.REWIND);
    }

    @Example
    void whatKeepsARewindFromBeingTried() {
        LocalData crashed = primary(State.IN_PRODUCTION, "0/4000");

        assertThat(plan(crashed, new PrimaryData("7", SECOND.history(), false, Optional.empty()))
                        .way())
                .isEqualTo(Way.WAIT);
        assertThat(plan(with(crashed, false, 1), SECOND).way()).isEqualTo(Way.COPY);
        assertThat(plan(with(crashed, true, 0), SECOND).way()).isEqualTo(Way.COPY);
        ControlData bare = new ControlData(
                "7", State.IN_PRODUCTION, Lsn.parse("0/4000"), 1, Lsn.INVALID, 0, false, false, true, 1 << 20);
        assertThat(plan(
                                new LocalData(
                                        bare,
                                        TimelineHistory.first(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        false,
                                        Trials.NONE),
                                SECOND)
                        .way())
                .isEqualTo(Way.COPY);
    }

    @Example
    void waysAreNamedInLowerCase() {
        assertThat(Way.REWIND.id()).isEqualTo("rewind");
    }

    private static void forEach(long seed, int servers, int events, BiConsumer<WalWorld, Node> judge) {
        WalWorld world = new WalWorld(seed, servers, events);
        for (Node node : world.returning()) {
            if (!node.isEmpty()) {
                judge.accept(world, node);
            }
        }
    }

    private static RejoinPlan plan(LocalData here, PrimaryData primary) {
        return RejoinPlanner.plan(here, primary);
    }

    private static LocalData primary(State state, String end) {
        return new LocalData(
                control(state, end, 1, "0/0", 0),
                TimelineHistory.first(),
                state == State.SHUT_DOWN ? Optional.of(Lsn.parse(end)) : Optional.empty(),
                Optional.empty(),
                false,
                Trials.NONE);
    }

    private static LocalData standby(Optional<String> endOfWal) {
        return new LocalData(
                control(State.IN_ARCHIVE_RECOVERY, "0/4000", 1, "0/4800", 1),
                TimelineHistory.first(),
                Optional.empty(),
                endOfWal.map(Lsn::parse),
                false,
                Trials.NONE);
    }

    private static LocalData local(ControlData control, TimelineHistory history, String endOfWal) {
        return new LocalData(control, history, Optional.empty(), Optional.of(Lsn.parse(endOfWal)), false, Trials.NONE);
    }

    private static LocalData with(LocalData here, boolean interrupted, int failedRewinds) {
        return new LocalData(
                here.control(),
                here.history(),
                here.endOfShutdownCheckpoint(),
                here.endOfWal(),
                interrupted,
                new Trials(failedRewinds, 0, 0));
    }

    private static ControlData control(State state, String checkpoint, int timeline, String end, int endTimeline) {
        return new ControlData(
                "7", state, Lsn.parse(checkpoint), timeline, Lsn.parse(end), endTimeline, true, true, true, 1 << 20);
    }

    private static TimelineHistory history(int timeline, Object... switches) {
        List<Switch> list = new java.util.ArrayList<>();
        for (int i = 0; i < switches.length; i += 2) {
            list.add(new Switch((Integer) switches[i], Lsn.parse((String) switches[i + 1])));
        }
        return new TimelineHistory(timeline, list);
    }
}
