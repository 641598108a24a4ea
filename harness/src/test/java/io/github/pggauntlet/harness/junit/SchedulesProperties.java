package io.github.pggauntlet.harness.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.fault.ScheduleGenerator;
import io.github.pggauntlet.harness.fault.ScheduleModel;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.strategy.FaultClass;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

class SchedulesProperties {

    private static final Terrain TWO = new Terrain(2, 1, false, false, false, EnumSet.allOf(FaultClass.class));

    private static ScheduleModel model(Terrain terrain) {
        return new ScheduleModel(terrain, ScheduleGenerator.promised(terrain));
    }

    @Provide
    Arbitrary<FaultSchedule> schedules() {
        return Schedules.of(TWO, 12);
    }

    /** The seed says all: it is an argument, and what it draws is drawn again. */
    @Property(tries = 300, generation = GenerationMode.RANDOMIZED)
    void eachIsCoveredByTheModelAndAFileHoldsIt(@ForAll("schedules") FaultSchedule schedule) {
        FaultScheduleJson json = new FaultScheduleJson();
        assertThat(model(TWO).covers(schedule)).as(schedule.toString()).isTrue();
        assertThat(json.read(json.write(schedule))).isEqualTo(schedule);
        for (int i = 1; i < schedule.steps().size(); i++) {
            Statistics.label("moment of a later fault")
                    .collect(schedule.steps().get(i).moment())
                    .coverage(coverage -> {
                        coverage.check(Moment.AT_PROMOTION).percentage(percent -> percent > 1);
                        coverage.check(Moment.AT_REJOIN).percentage(percent -> percent > 1);
                        coverage.check(Moment.TOGETHER).percentage(percent -> percent > 1);
                    });
        }
    }

    @Property(tries = 300)
    void whatTheGeneratorDrawsIsCoveredToo(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int machines) {
        Terrain terrain = new Terrain(machines, 1, false, false, false, EnumSet.allOf(FaultClass.class));
        FaultSchedule drawn = new ScheduleGenerator(
                        terrain, ScheduleGenerator.promised(terrain), new SplittableRandom(seed))
                .generate(20);
        assertThat(model(terrain).covers(drawn)).isTrue();
    }

    @Example
    void twoThatAreAwayAtOnceAreNotCovered() {
        FaultSchedule both = new FaultScheduleJson().read("""
                {"steps": [
                  {"kind": "kill-host", "victim": "standby", "moment": "whole"},
                  {"kind": "kill-host", "victim": "primary", "moment": "together"}]}
                """);
        assertThat(model(TWO).covers(both)).isFalse();
    }

    @Example
    void theSameSeedDrawsTheSame() {
        Arbitrary<FaultSchedule> schedules = Schedules.of(TWO, 12);
        assertThat(draw(schedules, 7)).isEqualTo(draw(schedules, 7)).isNotEqualTo(draw(schedules, 8));
    }

    private static FaultSchedule draw(Arbitrary<FaultSchedule> schedules, long seed) {
        return schedules.generator(1000).next(new java.util.Random(seed)).value();
    }

    /** Whatever a failure is shrunk to is a schedule that may be played. */
    @Example
    void itShrinksWithinTheModel() {
        Set<Moment> delicate = EnumSet.of(Moment.AT_REJOIN);
        var shrinkable = schedulesWith(delicate);
        boolean smaller = true;
        FaultSchedule smallest = shrinkable.value();
        while (smaller) {
            smaller = false;
            var next = shrinkable
                    .shrink()
                    .filter(candidate -> hits(candidate.value(), delicate))
                    .findFirst();
            if (next.isPresent()) {
                shrinkable = next.get();
                smallest = shrinkable.value();
                assertThat(model(TWO).covers(smallest)).isTrue();
                smaller = true;
            }
        }
        assertThat(smallest.steps()).hasSize(2);
    }

    private static net.jqwik.api.Shrinkable<FaultSchedule> schedulesWith(Set<Moment> moments) {
        java.util.Random random = new java.util.Random(1);
        var generator = Schedules.of(TWO, 12).generator(1000);
        var drawn = generator.next(random);
        while (!hits(drawn.value(), moments)) {
            drawn = generator.next(random);
        }
        return drawn;
    }

    private static boolean hits(FaultSchedule schedule, Set<Moment> moments) {
        return schedule.steps().stream().map(Step::moment).anyMatch(moments::contains);
    }
}
