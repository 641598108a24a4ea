package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Candidate;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Limits;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Minimum;
import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The search against oracles that are known, without an engine. */
class ScheduleMinimiserProperties {

    private static final Limits PLENTY = new Limits(1, 1, 10_000);

    private static Terrain terrain(int machines) {
        return new Terrain(machines, 1, false, false, false, EnumSet.allOf(FaultClass.class));
    }

    private static boolean covered(Candidate candidate) {
        Terrain terrain = terrain(candidate.machines());
        return new ScheduleModel(terrain, ScheduleGenerator.promised(terrain)).covers(candidate.schedule());
    }

    private static Candidate drawn(long seed, int faults, int machines) {
        Terrain terrain = terrain(machines);
        return new Candidate(
                new ScheduleGenerator(terrain, ScheduleGenerator.promised(terrain), new SplittableRandom(seed))
                        .generate(faults),
                machines);
    }

    /** Whether the kinds occur in this order, with anything between them. */
    private static boolean has(Candidate candidate, List<FaultKind> kinds) {
        int found = 0;
        for (Step step : candidate.schedule().steps()) {
            if (found < kinds.size() && step.kind() == kinds.get(found)) {
                found++;
            }
        }
        return found == kinds.size();
    }

    private static List<FaultKind> some(Candidate candidate, long seed, int number) {
        List<FaultKind> kinds = new ArrayList<>(
                candidate.schedule().steps().stream().map(Step::kind).toList());
        SplittableRandom random = new SplittableRandom(seed);
        while (kinds.size() > number) {
            kinds.remove(random.nextInt(kinds.size()));
        }
        return kinds;
    }

    @Property(tries = 200)
    void itFindsExactlyTheFaultsThatMatter(
            @ForAll long seed,
            @ForAll @IntRange(min = 3, max = 15) int faults,
            @ForAll @IntRange(min = 1, max = 3) int matter)
            throws InterruptedException {
        Candidate begin = drawn(seed, faults, 2);
        List<FaultKind> culprits = some(begin, seed, matter);
        Minimum minimum = new ScheduleMinimiser(PLENTY, candidate -> true, candidate -> has(candidate, culprits))
                .minimise(begin)
                .orElseThrow();
        assertThat(minimum.finished()).isTrue();
        // Two of a kind in a row may have become one only where both matter not; each culprit is there, and nobody
        // else.
        assertThat(minimum.smallest().schedule().steps().stream().map(Step::kind))
                .containsExactlyElementsOf(culprits);
    }

    @Property(tries = 200)
    void everythingItTriesIsAllowedAndNothingIsTriedTwice(
            @ForAll long seed, @ForAll @IntRange(min = 3, max = 12) int faults) throws InterruptedException {
        Candidate begin = drawn(seed, faults, 3);
        List<FaultKind> culprits = some(begin, seed, 2);
        List<Candidate> tried = new ArrayList<>();
        Optional<Minimum> minimum = new ScheduleMinimiser(PLENTY, ScheduleMinimiserProperties::covered, candidate -> {
                    tried.add(candidate);
                    return has(candidate, culprits);
                })
                .minimise(begin);
        assertThat(tried).doesNotHaveDuplicates().allMatch(ScheduleMinimiserProperties::covered);
        assertThat(has(minimum.orElseThrow().smallest(), culprits)).isTrue();
        assertThat(minimum.get().smallest().machines()).isLessThanOrEqualTo(3);
    }

    @Property(tries = 200)
    void itKeepsWithinItsTriesAndNeverAnswersWithWhatDidNotBreak(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 12) int faults,
            @ForAll @IntRange(min = 1, max = 40) int tries)
            throws InterruptedException {
        Candidate begin = drawn(seed, faults, 2);
        List<FaultKind> culprits = some(begin, seed, 2);
        AtomicInteger used = new AtomicInteger();
        Optional<Minimum> minimum = new ScheduleMinimiser(new Limits(1, 1, tries), candidate -> true, candidate -> {
                    used.incrementAndGet();
                    return has(candidate, culprits);
                })
                .minimise(begin);
        assertThat(used).hasValueLessThanOrEqualTo(tries);
        assertThat(minimum).hasValueSatisfying(found -> {
            assertThat(has(found.smallest(), culprits)).isTrue();
            assertThat(found.broken()).isPositive();
            assertThat(found.tries()).isEqualTo(used.get());
        });
    }

    /** Real runs vary: what breaks in seven of ten tries is still found, and what never breaks never is. */
    @Property(tries = 100)
    void anOracleThatVariesIsAskedSeveralTimes(@ForAll long seed) throws InterruptedException {
        Candidate begin = drawn(seed, 8, 2);
        List<FaultKind> culprits = some(begin, seed, 2);
        SplittableRandom luck = new SplittableRandom(seed);
        Optional<Minimum> minimum = new ScheduleMinimiser(
                        new Limits(2, 4, 500),
                        candidate -> true,
                        candidate -> has(candidate, culprits) && luck.nextInt(10) < 7)
                .minimise(begin);
        minimum.ifPresent(found -> {
            assertThat(has(found.smallest(), culprits)).isTrue();
            assertThat(found.broken()).isGreaterThanOrEqualTo(2);
            assertThat(found.of()).isBetween(found.broken(), 4);
        });
    }

    @Property(tries = 100)
    void itShortensAndTakesMachinesAwayAsFarAsItStillBreaks(@ForAll long seed) throws InterruptedException {
        Candidate begin = new Candidate(
                new FaultSchedule(drawn(seed, 1, 5).schedule().steps().stream()
                        .map(step -> new Step(
                                step.kind(),
                                step.victim(),
                                step.moment(),
                                200,
                                Duration.ofMillis(6_000),
                                Duration.ofMillis(300)))
                        .toList()),
                5);
        Minimum minimum = new ScheduleMinimiser(
                        PLENTY,
                        candidate -> true,
                        candidate -> candidate.machines() >= 3
                                && candidate.schedule().steps().get(0).lasts().toMillis() >= 1_000)
                .minimise(begin)
                .orElseThrow();
        Step left = minimum.smallest().schedule().steps().get(0);
        assertThat(minimum.smallest().machines()).isEqualTo(3);
        assertThat(left.lasts().toMillis()).isBetween(1_000L, 1_999L);
        assertThat(left.latency().toMillis()).isEqualTo(2);
        assertThat(left.writes()).isEqualTo(20);
    }

    @Example
    void whatDoesNotBreakAgainIsNotMinimised() throws InterruptedException {
        assertThat(new ScheduleMinimiser(new Limits(1, 3, 100), candidate -> true, candidate -> false)
                        .minimise(drawn(1, 5, 2)))
                .isEmpty();
        assertThatThrownBy(() -> new Limits(3, 2, 10)).hasMessageContaining("3 of 2");
    }

    @Example
    void aScheduleIsJavaToo() {
        assertThat(
                        ScheduleJava.expression(
                                new FaultScheduleJson()
                                        .read(
                                                "{\"steps\": [{\"kind\": \"kill-host\", \"victim\": \"primary\", \"moment\": \"whole\"}]}")))
                .isEqualTo("new FaultSchedule(List.of(\n        new FaultSchedule.Step(FaultKind.KILL_HOST,"
                        + " FaultSchedule.Victim.PRIMARY, FaultSchedule.Moment.WHOLE, 100, Duration.ofMillis(3000),"
                        + " Duration.ofMillis(100))))");
    }
}
