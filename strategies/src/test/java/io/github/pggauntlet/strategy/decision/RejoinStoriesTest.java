package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Copied;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Damaged;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Local;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.LocalData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Nothing;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.PrimaryData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Trials;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.ControlData.State;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import io.github.pggauntlet.strategy.postgres.TimelineHistory.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways back that are known from the field to go wrong, one test each. Unless it is told otherwise a primary on timeline
 * 1 has failed and another has gone on with timeline 2 from 0/5000.
 */
class RejoinStoriesTest {

    private static final PrimaryData SECOND = primary(history(2, 1, "0/5000"));

    /** S30: a primary that crashed has written past the fork, or may have. What it never acknowledged goes. */
    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"IN_PRODUCTION", "SHUTTING_DOWN", "IN_CRASH_RECOVERY", "STARTING_UP"})
    void s30ACrashedPrimaryIsRewoundWhateverItWasDoing(State state) {
        assertThat(way(formerPrimary(state), SECOND)).isEqualTo(Way.REWIND);
    }

    /** S31: everything up to the shutdown checkpoint's end has been received; nothing has to be taken back. */
    @Test
    void s31ACleanShutdownWhoseWalAllArrivedFollows() {
        assertThat(way(shutDownAt("0/5000"), SECOND)).isEqualTo(Way.FOLLOW);
    }

    /** S32: the shutdown checkpoint itself was not received. */
    @Test
    void s32ACleanShutdownWhoseLastRecordDidNotArriveIsRewound() {
        assertThat(way(shutDownAt("0/5078"), SECOND)).isEqualTo(Way.REWIND);
    }

    /** S33: the asynchronous standby that was not promoted had received more than the one that was. */
    @Test
    void s33AStandbyAheadOfTheNewPrimaryIsRewound() {
        assertThat(way(standby(1, List.of(), "0/5100"), SECOND)).isEqualTo(Way.REWIND);
        assertThat(way(standby(1, List.of(), "0/5000"), SECOND)).isEqualTo(Way.RECOVER);
    }

    /** S34: somebody has promoted an isolated standby by hand, and it took writes. */
    @Test
    void s34AMemberPromotedByHandOnABranchOfItsOwnIsNotFollowedAlong() {
        LocalData byHand = promoted(3, List.of(new Switch(1, lsn("0/4800"))), State.IN_PRODUCTION);

        assertThat(way(byHand, SECOND)).isEqualTo(Way.REWIND);
    }

    /** S35: two members have made timeline 2 independently. pg_rewind compares the numbers and would do nothing. */
    @Test
    void s35TheSameTimelineNumberWithAnotherHistoryIsCopiedAnew() {
        for (State state : List.of(State.IN_PRODUCTION, State.SHUT_DOWN, State.IN_ARCHIVE_RECOVERY)) {
            LocalData other = promoted(2, List.of(new Switch(1, lsn("0/4800"))), state);
            assertThat(RejoinPlanner.plan(other, SECOND))
                    .as(state.toString())
                    .matches(plan -> plan.way() == Way.COPY)
                    .matches(plan -> plan.reason().contains("not the one"));
        }
    }

    /** S35 further down: the numbers agree up to the last; two steps back the paths part. */
    @Test
    void s35HistoriesThatPartBeforeTheLastTimelineAreToldApart() {
        LocalData here = promoted(
                3, List.of(new Switch(1, lsn("0/4000")), new Switch(2, lsn("0/6000"))), State.IN_ARCHIVE_RECOVERY);
        PrimaryData there = primary(history(3, 1, "0/4100", 2, "0/6000"));

        assertThat(way(here, there)).isEqualTo(Way.COPY);
    }

    /** S36 and S37: pg_rewind was killed, or its source went away. Whatever the directory looks like it is not started. */
    @ParameterizedTest
    @EnumSource(State.class)
    void s36And37WhatARewindLeftHalfDoneIsCopiedAnew(State state) {
        LocalData before = promoted(1, List.of(), state);
        LocalData half = new LocalData(
                before.control(),
                before.history(),
                Optional.of(lsn("0/5000")),
                Optional.of(lsn("0/5000")),
                true,
                Trials.NONE);

        assertThat(way(half, SECOND)).isEqualTo(Way.COPY);
    }

    /** S38: before its checkpoint the new primary's control file names its former timeline. */
    @Test
    void s38ARewindWaitsForTheNewPrimarysCheckpoint() {
        PrimaryData early = new PrimaryData("7", SECOND.history(), false, Optional.empty());

        assertThat(way(formerPrimary(State.IN_PRODUCTION), early)).isEqualTo(Way.WAIT);
        // Who needs no rewind need not wait.
        assertThat(way(shutDownAt("0/5000"), early)).isEqualTo(Way.FOLLOW);
    }

    /** S39: the WAL that pg_rewind has to read here is gone, which it says by failing. */
    @Test
    void s39ARewindThatFailedIsNotTriedAgain() {
        assertThat(RejoinPlanner.plan(tried(formerPrimary(State.IN_PRODUCTION), new Trials(1, 0, 0)), SECOND))
                .matches(plan -> plan.way() == Way.COPY)
                .matches(plan -> plan.reason().endsWith("pg_rewind has failed"));
    }

    /** S40: recovered by a single-user server it would add a checkpoint of its own to a timeline that is not its own. */
    @Test
    void s40AStandbyThatWasKilledRecoversAsAStandby() {
        PrimaryData same = primary(TimelineHistory.first());

        assertThat(way(standby(1, List.of(), "0/4900"), same)).isEqualTo(Way.RECOVER);
        assertThat(way(standby(1, List.of(), "0/4900"), SECOND)).isEqualTo(Way.RECOVER);
    }

    /** S41: the first primary comes back when the second has failed too and a third one leads; in either order. */
    @Test
    void s41MembersThatFailedOneAfterTheOtherFindBackInEitherOrder() {
        PrimaryData third = primary(history(3, 1, "0/5000", 2, "0/6000"));
        LocalData first = formerPrimary(State.IN_PRODUCTION);
        LocalData second = promoted(2, List.of(new Switch(1, lsn("0/5000"))), State.IN_PRODUCTION);

        assertThat(way(first, third)).isEqualTo(Way.REWIND);
        assertThat(way(second, third)).isEqualTo(Way.REWIND);
        // It had already become a standby of the second, and has nothing that the third lacks.
        assertThat(way(standby(2, List.of(new Switch(1, lsn("0/5000"))), "0/5f00"), third))
                .isEqualTo(Way.RECOVER);
    }

    /** S42: it was away for longer than WAL is kept; streaming would begin with WAL that is not there any more. */
    @Test
    void s42AStandbyThatWasAwayForTooLongIsCopiedAnewAtOnce() {
        PrimaryData same = primary(TimelineHistory.first());
        LocalData away = standby(1, List.of(), "0/4900");

        assertThat(way(away, keepingFrom(same, "0/4000"))).isEqualTo(Way.RECOVER);
        assertThat(way(away, keepingFrom(same, "0/4900"))).isEqualTo(Way.RECOVER);
        assertThat(RejoinPlanner.plan(away, keepingFrom(same, "0/5000")))
                .matches(plan -> plan.way() == Way.COPY)
                .matches(plan -> plan.reason().contains("no WAL before 0/5000 any more"));
        assertThat(way(shutDownAt("0/5000"), keepingFrom(SECOND, "0/6000"))).isEqualTo(Way.COPY);
    }

    /** S42 again: what cannot be told beforehand is told by a standby that comes up and does not stream. */
    @Test
    void s42AStandbyThatComesUpAgainAndAgainAndDoesNotStreamIsCopiedAnew() {
        PrimaryData same = primary(TimelineHistory.first());
        LocalData away = standby(1, List.of(), "0/4900");

        assertThat(way(tried(away, new Trials(0, 0, 1)), same)).isEqualTo(Way.RECOVER);
        assertThat(way(tried(away, new Trials(0, 0, 2)), same)).isEqualTo(Way.COPY);
    }

    /** S44: many rounds of failover and rejoin; each former primary finds the way back, whatever the round. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 50, 1100})
    void s44AfterManyRoundsTheWayBackIsTheSame(int rounds) {
        List<Switch> switches = IntStream.range(1, rounds)
                .mapToObj(timeline -> new Switch(timeline, new Lsn(0x10000L * timeline)))
                .toList();
        PrimaryData primary = primary(new TimelineHistory(rounds, switches));
        for (int ago = 1; ago <= Math.min(3, rounds - 1); ago++) {
            int timeline = rounds - ago;
            List<Switch> before = switches.subList(0, timeline - 1);
            Lsn fork = switches.get(timeline - 1).at();
            assertThat(way(promoted(timeline, before, State.IN_PRODUCTION), primary))
                    .isEqualTo(Way.REWIND);
            assertThat(way(shutDown(timeline, before, fork), primary)).isEqualTo(Way.FOLLOW);
            assertThat(way(standby(timeline, before, fork.toString()), primary)).isEqualTo(Way.RECOVER);
        }
    }

    @Test
    void whatIsGoneOrDamagedIsCopiedAndTheReasonSaid() {
        assertThat(way(new Nothing(), SECOND)).isEqualTo(Way.COPY);
        assertThat(RejoinPlanner.plan(new Damaged("it has no PG_VERSION"), SECOND))
                .isEqualTo(new RejoinPlan(Way.COPY, "the data directory is damaged: it has no PG_VERSION"));
    }

    /** A damaged page stops recovery at the same place every time. */
    @Test
    void whatPostgresRefusesAgainAndAgainIsCopiedAnew() {
        PrimaryData same = primary(TimelineHistory.first());
        LocalData here = standby(1, List.of(), "0/4900");

        assertThat(way(tried(here, new Trials(0, RejoinPlanner.ENDS - 1, 0)), same))
                .isEqualTo(Way.RECOVER);
        assertThat(RejoinPlanner.plan(tried(here, new Trials(0, RejoinPlanner.ENDS, 0)), same))
                .matches(plan -> plan.way() == Way.COPY)
                .matches(plan -> plan.reason().contains("ended by itself 4 times"));
    }

    /** Another cluster's data are nobody's to replace, however broken they look. */
    @Test
    void whatBelongsToAnotherClusterIsNotTouchedWhateverWasTried() {
        PrimaryData other = new PrimaryData("8", SECOND.history(), true, Optional.of(lsn("0/9000")));

        assertThat(way(tried(formerPrimary(State.IN_PRODUCTION), new Trials(9, 9, 9)), other))
                .isEqualTo(Way.QUARANTINE);
    }

    @Test
    void aFreshCopyIsStartedAndNotCopiedAgain() {
        assertThat(way(new Copied(), SECOND)).isEqualTo(Way.FOLLOW);
    }

    @Test
    void whatPgRewindCannotDoIsNotAskedOfIt() {
        LocalData here = formerPrimary(State.IN_PRODUCTION);
        for (ControlData control : List.of(control(here, false, false, true), control(here, true, true, false))) {
            LocalData unfit = new LocalData(
                    control, here.history(), here.endOfShutdownCheckpoint(), here.endOfWal(), false, Trials.NONE);
            assertThat(RejoinPlanner.plan(unfit, SECOND))
                    .matches(plan -> plan.way() == Way.COPY)
                    .matches(plan -> plan.reason().contains("pg_rewind needs "));
        }
    }

    private static Way way(Local local, PrimaryData primary) {
        return RejoinPlanner.plan(local, primary).way();
    }

    private static PrimaryData primary(TimelineHistory history) {
        return new PrimaryData("7", history, true, Optional.empty());
    }

    private static PrimaryData keepingFrom(PrimaryData primary, String oldest) {
        return new PrimaryData("7", primary.history(), true, Optional.of(lsn(oldest)));
    }

    private static LocalData formerPrimary(State state) {
        return promoted(1, List.of(), state);
    }

    private static LocalData shutDownAt(String end) {
        return shutDown(1, List.of(), lsn(end));
    }

    private static LocalData shutDown(int timeline, List<Switch> switches, Lsn end) {
        return new LocalData(
                control(State.SHUT_DOWN, new Lsn(end.value() - 0x78), timeline),
                new TimelineHistory(timeline, switches),
                Optional.of(end),
                Optional.empty(),
                false,
                Trials.NONE);
    }

    private static LocalData promoted(int timeline, List<Switch> switches, State state) {
        Lsn checkpoint = lsn("0/4000");
        return new LocalData(
                control(state, checkpoint, timeline),
                new TimelineHistory(timeline, switches),
                state == State.SHUT_DOWN ? Optional.of(lsn("0/5000")) : Optional.empty(),
                Optional.empty(),
                false,
                Trials.NONE);
    }

    private static LocalData standby(int timeline, List<Switch> switches, String endOfWal) {
        return new LocalData(
                control(State.IN_ARCHIVE_RECOVERY, lsn("0/4000"), timeline),
                new TimelineHistory(timeline, switches),
                Optional.empty(),
                Optional.of(lsn(endOfWal)),
                false,
                Trials.NONE);
    }

    private static LocalData tried(LocalData here, Trials trials) {
        return new LocalData(
                here.control(),
                here.history(),
                here.endOfShutdownCheckpoint(),
                here.endOfWal(),
                here.rewindInterrupted(),
                trials);
    }

    private static ControlData control(State state, Lsn checkpoint, int timeline) {
        return new ControlData("7", state, checkpoint, timeline, Lsn.INVALID, 0, true, true, true, 1 << 24);
    }

    private static ControlData control(LocalData like, boolean hints, boolean checksums, boolean pages) {
        ControlData control = like.control();
        return new ControlData(
                "7",
                control.state(),
                control.checkpoint(),
                control.timeline(),
                Lsn.INVALID,
                0,
                hints,
                checksums,
                pages,
                1 << 24);
    }

    private static Lsn lsn(String text) {
        return Lsn.parse(text);
    }

    private static TimelineHistory history(int timeline, Object... switches) {
        List<Switch> list = new ArrayList<>();
        for (int i = 0; i < switches.length; i += 2) {
            list.add(new Switch((Integer) switches[i], lsn((String) switches[i + 1])));
        }
        return new TimelineHistory(timeline, list);
    }
}
