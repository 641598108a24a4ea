package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.fault.FaultKind.Nature;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultSchedule.Victim;
import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ScheduleGeneratorProperties {

    private static final FaultScheduleJson JSON = new FaultScheduleJson();

    private static Terrain terrain(int machines) {
        return new Terrain(machines, 1, false, false, false, EnumSet.allOf(FaultClass.class));
    }

    private static FaultSchedule draw(Terrain terrain, long seed, int faults) {
        return new ScheduleGenerator(terrain, ScheduleGenerator.promised(terrain), new SplittableRandom(seed))
                .generate(faults);
    }

    @Property(tries = 200)
    void theSameSeedDrawsTheSameScheduleAndAFileHoldsIt(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int faults) {
        FaultSchedule schedule = draw(terrain(2), seed, faults);
        assertThat(schedule.steps()).hasSize(faults);
        assertThat(draw(terrain(2), seed, faults)).isEqualTo(schedule);
        assertThat(JSON.read(JSON.write(schedule))).isEqualTo(schedule);
    }

    /** Two members away at once are promised nothing; what is over at once, or takes nobody away, may come on top. */
    @Property(tries = 500)
    void atMostOneMemberIsAwayUntilItIsHealed(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int machines) {
        boolean away = false;
        for (Step step : draw(terrain(machines), seed, 30).steps()) {
            if (step.moment() == Moment.WHOLE || step.moment() == Moment.AT_REJOIN) {
                away = false;
            }
            boolean takesAway = step.kind().nature() == Nature.DOWN;
            assertThat(away && takesAway).as(step.toString()).isFalse();
            if (away && machines == 2) {
                assertThat(step.kind().nature())
                        .as("nobody would be left: " + step)
                        .isEqualTo(Nature.SOFT);
            }
            away |= takesAway;
        }
    }

    @Property(tries = 300)
    void onlyWhatFitsAndIsPromisedIsDrawn(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int machines) {
        Terrain terrain =
                new Terrain(machines, 1, false, true, false, Set.of(FaultClass.POSTMASTER_CRASH, FaultClass.PARTITION));
        assertThat(draw(terrain, seed, 20).steps()).allSatisfy(step -> {
            assertThat(step.kind().fits(terrain)).isTrue();
            assertThat(terrain.promised()).contains(step.kind().faultClass());
        });
    }

    @Example
    void theDelicateMomentsComeUpOften() {
        Set<Moment> moments = new HashSet<>();
        Set<FaultKind> kinds = new HashSet<>();
        Set<Victim> victims = new HashSet<>();
        for (Step step : draw(terrain(3), 1, 2000).steps()) {
            moments.add(step.moment());
            kinds.add(step.kind());
            victims.add(step.victim());
        }
        assertThat(moments).containsExactlyInAnyOrder(Moment.values());
        assertThat(victims).containsExactlyInAnyOrder(Victim.values());
        assertThat(kinds).containsAll(ScheduleGenerator.promised(terrain(3)));
    }

    @Example
    void whereThereIsAnAddressItsFaultsAreDrawnAndElsewhereNone() {
        Set<FaultClass> survived = EnumSet.of(FaultClass.POSTMASTER_CRASH, FaultClass.ADDRESS);
        Set<FaultKind> with = kinds(new Terrain(2, 0, false, true, false, survived));
        assertThat(with)
                .contains(
                        FaultKind.KILL_POSTMASTER,
                        FaultKind.KILL_UCARP,
                        FaultKind.FREEZE_UCARP,
                        FaultKind.SLOW_UP_SCRIPT,
                        FaultKind.STEP_UCARP_CLOCK,
                        FaultKind.MUTE_CARP,
                        FaultKind.TAKE_ADDRESS,
                        FaultKind.STRAY_ADDRESS)
                .doesNotContain(FaultKind.PART_MACHINES, FaultKind.LOSE_CARRIER);
        Terrain without = new Terrain(2, 0, false, false, false, EnumSet.allOf(FaultClass.class));
        assertThat(kinds(without))
                .isNotEmpty()
                .noneSatisfy(kind -> assertThat(kind.on(Target.standby(), Duration.ofMillis(10), without))
                        .isInstanceOf(AddressFault.class));
    }

    private static Set<FaultKind> kinds(Terrain terrain) {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        draw(terrain, 1, 2000).steps().forEach(step -> kinds.add(step.kind()));
        return kinds;
    }

    @Example
    void whatIsNoScheduleIsRefusedWithASentence() {
        assertThatThrownBy(() -> JSON.read("{}")).hasMessageContaining("an array of steps");
        assertThatThrownBy(() -> JSON.read("{\"steps\":[{\"kind\":\"kill-time\"}]}"))
                .hasMessageContaining("There is no fault 'kill-time'");
        assertThatThrownBy(() -> JSON.read(
                        "{\"steps\":[{\"kind\":\"kill-host\",\"victim\":\"primary\",\"moment\":\"at-rejoin\"}]}"))
                .hasMessageContaining("none before it");
        assertThatThrownBy(() -> JSON.read("no")).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void everyFaultHasANameByWhichItCanBeDrawn() {
        Terrain all = new Terrain(5, 3, true, true, true, Set.of());
        Set<Class<?>> made = new HashSet<>();
        for (FaultKind kind : FaultKind.values()) {
            Fault fault = kind.on(Target.standby(), Duration.ofMillis(10), all);
            made.add(fault.getClass());
            assertThat(FaultKind.of(kind.id())).isEqualTo(kind);
            assertThat(kind.description()).isNotBlank();
            assertThat(kind.fits(all)).as(kind.id()).isTrue();
        }
        // What cuts two parties from each other is for stories: as a random fault, isolation from peers is the same.
        List<Class<? extends Fault>> expected = FaultKinds.of(Fault.class).stream()
                .filter(kind -> kind != PartitionFault.CutBetween.class && kind != PartitionFault.CutLinks.class)
                .toList();
        assertThat(made).containsAll(expected);
    }

    @Example
    void machinesFallApartAsTheirShapeSays() {
        List<String> three = List.of("p", "b", "c");
        assertThat(PartitionFault.Shape.HALVES.parted(three))
                .containsExactlyInAnyOrder(List.of("p", "b"), List.of("p", "c"));
        assertThat(PartitionFault.Shape.BRIDGE.parted(three)).containsExactly(List.of("p", "c"));
        assertThat(PartitionFault.Shape.RING.parted(List.of("a", "b", "c", "d")))
                .containsExactlyInAnyOrder(List.of("a", "c"), List.of("b", "d"));
    }
}
