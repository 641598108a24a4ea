package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.FailoverRules.Decision;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.FailoverRules.Row;
import io.github.pggauntlet.strategy.decision.FailoverRules.Step;
import io.github.pggauntlet.strategy.decision.FailoverRules.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table, held against every combination of the facts it looks at. */
class FailoverRulesTest {

    private static final Logger LOG = LoggerFactory.getLogger(FailoverRulesTest.class);
    private static final String SELF = "self";
    private static final String OTHER = "other";
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final List<View> VIEWS = all();

    /** Every combination; each of the two durations below, at and above the patience. */
    private static List<View> all() {
        List<View> views = new ArrayList<>();
        boolean[] both = {false, true};
        List<Duration> durations = List.of(Duration.ZERO, PATIENCE.minusNanos(1), PATIENCE, PATIENCE.multipliedBy(2));
        List<Optional<String>> names = List.of(Optional.empty(), Optional.of(SELF), Optional.of(OTHER));
        List<Set<String>> sets = List.of(Set.of(), Set.of(SELF), Set.of(OTHER), Set.of(SELF, OTHER));
        for (Postgres postgres : Postgres.values()) {
            for (Optional<String> holder : names) {
                for (Optional<String> candidate : names) {
                    for (Set<String> promotable : sets) {
                        for (Duration duration : durations) {
                            for (int bits = 0; bits < 1 << 9; bits++) {
                                views.add(new View(
                                        SELF,
                                        bits & 1,
                                        postgres,
                                        both[bits >> 1 & 1],
                                        holder,
                                        both[bits >> 2 & 1],
                                        promotable,
                                        duration,
                                        PATIENCE,
                                        candidate,
                                        both[bits >> 3 & 1],
                                        duration,
                                        both[bits >> 4 & 1],
                                        both[bits >> 5 & 1],
                                        both[bits >> 6 & 1],
                                        both[bits >> 7 & 1],
                                        duration,
                                        both[bits >> 8 & 1],
                                        // Whether a restart is overdue matters only where none may be begun.
                                        (bits >> 8 & 1) == 0 && duration.compareTo(PATIENCE) >= 0));
                            }
                        }
                    }
                }
            }
        }
        return views;
    }

    @Test
    void everyViewHasADecision() {
        assertThat(VIEWS)
                .hasSizeGreaterThan(50_000)
                .allSatisfy(
                        view -> assertThat(FailoverRules.decide(view).step()).isNotNull());
    }

    @Test
    void aPrimaryWithoutALeaseIsFencedWhateverElseThereIs() {
        always(view -> view.postgres() == Postgres.PRIMARY && !view.leaseHeld(), EnumSet.of(Step.FENCE));
        never(view -> view.postgres() != Postgres.PRIMARY || view.leaseHeld(), EnumSet.of(Step.FENCE));
    }

    @Test
    void whatTakesALeaseIsDoneUnderOneOnly() {
        never(
                view -> !view.leaseHeld(),
                EnumSet.of(Step.TEND, Step.PROMOTE, Step.BOOTSTRAP, Step.RELEASE, Step.STEP_DOWN, Step.RESTART));
    }

    @Test
    void theLeaseIsAskedForOnlyWhenNobodyHoldsIt() {
        never(view -> view.leaseHeld() || view.holder().isPresent(), EnumSet.of(Step.ACQUIRE));
    }

    @Test
    void theLeaseOfAClusterWithDataIsAskedForOnlyByAStandbyThatMayBePromoted() {
        never(
                view -> view.initialised()
                        && !(view.postgres() == Postgres.STANDBY
                                && view.promotable().contains(SELF)),
                EnumSet.of(Step.ACQUIRE));
    }

    @Test
    void nobodyAsksForTheLeaseWhileNoCandidateCanBeNamed() {
        never(view -> view.initialised() && view.candidate().isEmpty(), EnumSet.of(Step.ACQUIRE));
    }

    /** What it receives after it has been heard, nobody who chose has counted. */
    @Test
    void nobodyAsksForTheLeaseOfAClusterWithDataWhileItReceives() {
        never(view -> view.initialised() && view.receiving(), EnumSet.of(Step.ACQUIRE));
        never(view -> view.holder().isPresent() || view.leaseHeld(), EnumSet.of(Step.DETACH));
    }

    /** It may lack what another member has, and what was acknowledged because that one has it. */
    @Test
    void whoIsNotAsFarAsTheCandidateNeverActsInItsPlace() {
        never(
                view -> view.initialised()
                        && !view.worthy()
                        && !view.candidate().filter(SELF::equals).isPresent(),
                EnumSet.of(Step.ACQUIRE));
    }

    /** A primary that renews its lease and answers nothing would be primary for ever. */
    @Test
    void aPrimaryThatAnswersNothingForLongerThanALeaseMakesWay() {
        always(
                view -> view.leaseHeld()
                        && !view.busy()
                        && !view.steppingDown()
                        && view.initialised()
                        && view.postgres() == Postgres.SILENT
                        && view.silentFor().compareTo(PATIENCE) >= 0,
                EnumSet.of(Step.RELEASE));
    }

    @Test
    void dataAreCreatedOnlyWhereThereAreNone() {
        never(
                view -> view.initialised()
                        || (view.postgres() != Postgres.ABSENT && view.postgres() != Postgres.PRIMARY),
                EnumSet.of(Step.BOOTSTRAP));
    }

    @Test
    void onlyAStandbyIsPromotedAndOnlyAPrimaryTended() {
        never(view -> view.postgres() != Postgres.STANDBY, EnumSet.of(Step.PROMOTE, Step.FOLLOW));
        never(view -> view.postgres() != Postgres.PRIMARY, EnumSet.of(Step.TEND));
    }

    /** What has no identity in the arbiter nobody else can join, and another member would begin anew beside it. */
    @Test
    void aPrimaryWhoseDataAreNotOnRecordIsNotTendedBeforeTheyAre() {
        never(view -> !view.initialised(), EnumSet.of(Step.TEND));
    }

    @Test
    void theLeaseIsGivenAwayOnlyWhenNothingRunsOrAfterAnOrder() {
        never(
                view -> view.postgres() != Postgres.DOWN_PRIMARY
                        && view.postgres() != Postgres.DOWN_STANDBY
                        && view.postgres() != Postgres.ABSENT
                        && !(view.postgres() == Postgres.STARTING && view.overdue())
                        && !(view.postgres() == Postgres.SILENT
                                && view.silentFor().compareTo(PATIENCE) >= 0),
                EnumSet.of(Step.RELEASE));
        never(view -> !view.steppingDown(), EnumSet.of(Step.STEP_DOWN));
    }

    @Test
    void whoHasBeenToldToGiveUpTheRoleNeitherTakesItNorComesForward() {
        never(View::steppingDown, EnumSet.of(Step.ACQUIRE, Step.PROMOTE, Step.TEND));
    }

    /** Anything else would be a primary that nobody has elected. */
    @Test
    void onlyWhatWasPrimaryInThisTermIsStartedAsOne() {
        never(
                view -> !(view.leaseHeld() && view.postgres() == Postgres.DOWN_PRIMARY && view.restartable()),
                EnumSet.of(Step.RESTART));
        always(
                view -> view.leaseHeld()
                        && !view.busy()
                        && !view.steppingDown()
                        && view.initialised()
                        && view.postgres() == Postgres.DOWN_PRIMARY
                        && !view.restartable(),
                EnumSet.of(Step.RELEASE));
    }

    @Test
    void nothingIsBegunWhileALongStepIsUnderWay() {
        always(View::busy, EnumSet.of(Step.WAIT, Step.FENCE));
    }

    /** That may be what another member could be promoted without, and what it wrote last. */
    @Test
    void aFormerPrimaryComesForwardOnlyIfItMayBePromotedAndNobodyBetterHas() {
        never(
                view -> view.postgres() == Postgres.DOWN_PRIMARY
                        && !(view.promotable().contains(SELF)
                                && (view.promotable().size() == 1
                                        || view.vacantFor().compareTo(PATIENCE) >= 0)),
                EnumSet.of(Step.START_STANDBY));
    }

    @Test
    void whoHasDataOfItsOwnFindsItsWayBackToAPrimary() {
        always(
                view -> !view.busy()
                        && !view.leaseHeld()
                        && view.initialised()
                        && view.holder().filter(OTHER::equals).isPresent()
                        && EnumSet.of(Postgres.ABSENT, Postgres.DOWN_PRIMARY, Postgres.DOWN_STANDBY)
                                .contains(view.postgres()),
                EnumSet.of(Step.REJOIN));
    }

    @TestFactory
    Stream<DynamicTest> eachRowDecidesSomething() {
        return FailoverRules.TABLE.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.step() + " because " + row.why(),
                        () -> assertThat(VIEWS)
                                .anyMatch(view -> firstMatch(view).equals(row))));
    }

    @TestFactory
    Stream<DynamicTest> eachStepIsTaken() {
        return Stream.of(Step.values())
                .map(step -> DynamicTest.dynamicTest(
                        step.name(),
                        () -> assertThat(FailoverRules.TABLE)
                                .extracting(Row::step)
                                .contains(step)));
    }

    /** The decision is that of the first row that matches, and its reason is the row's. */
    @Test
    void theFirstRowThatMatchesDecides() {
        assertThat(VIEWS).allSatisfy(view -> {
            Row row = firstMatch(view);
            assertThat(FailoverRules.decide(view)).isEqualTo(new Decision(row.step(), row.why()));
        });
    }

    /** Prints the table with what PostgreSQL does where each row decides; a person can read it, and see a row change. */
    @Test
    void theTableCanBeRead() {
        StringBuilder text = new StringBuilder();
        List<String> reasons = new ArrayList<>();
        int number = 1;
        for (Row row : FailoverRules.TABLE) {
            EnumSet<Postgres> states = EnumSet.noneOf(Postgres.class);
            VIEWS.stream().filter(view -> firstMatch(view).equals(row)).forEach(view -> states.add(view.postgres()));
            text.append(String.format(Locale.ROOT, "%n%2d  %-13s  %s %s", number++, row.step(), row.why(), states));
            reasons.add(row.why());
        }
        LOG.info("The table:{}", text);
        assertThat(reasons).doesNotHaveDuplicates().allMatch(why -> why.matches("[a-zA-Z].*[^.]"));
    }

    private static Row firstMatch(View view) {
        return FailoverRules.TABLE.stream()
                .filter(row -> row.when().test(view))
                .findFirst()
                .orElseThrow();
    }

    private static void always(Predicate<View> condition, Set<Step> allowed) {
        List<View> views = VIEWS.stream().filter(condition).toList();
        assertThat(views)
                .isNotEmpty()
                .allSatisfy(
                        view -> assertThat(FailoverRules.decide(view).step()).isIn(allowed));
    }

    private static void never(Predicate<View> condition, Set<Step> forbidden) {
        List<View> views = VIEWS.stream().filter(condition).toList();
        assertThat(views)
                .isNotEmpty()
                .allSatisfy(
                        view -> assertThat(FailoverRules.decide(view).step()).isNotIn(forbidden));
    }
}
