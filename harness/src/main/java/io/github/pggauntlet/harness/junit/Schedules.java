package io.github.pggauntlet.harness.junit;

import io.github.pggauntlet.harness.fault.FaultKind;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.ScheduleGenerator;
import io.github.pggauntlet.harness.fault.ScheduleModel;
import io.github.pggauntlet.harness.fault.ScheduleModel.Choice;
import io.github.pggauntlet.harness.fault.Terrain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Schedules of faults as arbitraries.
 *
 * <p>A schedule is drawn against a {@linkplain ScheduleModel model} and not against a cluster, so a seed always gives the same one,
 * and it can be stored and played again. Four of ten faults come at a moment that the one before made delicate: the promotion, the
 * return of the one just hit, a link that is bad already. Values shrink by having fewer faults, plainer moments, and shorter ones;
 * each smaller one is a schedule that the model covers. On real servers shrinking belongs off ({@code ShrinkingMode.OFF}): there
 * {@link io.github.pggauntlet.harness.fault.ScheduleMinimiser} does the same in few tries.
 */
public final class Schedules {

    private static final int DELICATE_OF_TEN = 4;
    private static final int TEN = 10;
    private static final int FEWEST_WRITES = 20;
    private static final int MOST_WRITES = 270;
    private static final int SHORTEST = 300;
    private static final int LONGEST = 7_000;
    private static final int LEAST_LATENCY = 2;
    private static final int MOST_LATENCY = 400;

    private Schedules() {}

    /** What is drawn for a step before it is known what may come next. */
    private record Draw(int delicacy, int choice, int writes, int lasts, int latency) {}

    /**
     * Schedules of everything for which a strategy promises something.
     *
     * @param terrain the cluster and what is promised
     * @param most the greatest number of faults, at least 1
     */
    public static Arbitrary<FaultSchedule> of(Terrain terrain, int most) {
        return of(terrain, ScheduleGenerator.promised(terrain), most);
    }

    /**
     * Schedules of certain faults.
     *
     * @param terrain the cluster and what is promised
     * @param kinds the faults
     * @param most the greatest number of faults, at least 1
     * @throws IllegalArgumentException if none of them can be made in such a cluster
     */
    public static Arbitrary<FaultSchedule> of(Terrain terrain, Collection<FaultKind> kinds, int most) {
        ScheduleModel model = new ScheduleModel(terrain, kinds);
        Arbitrary<Draw> draw = Combinators.combine(
                        Arbitraries.integers().between(0, TEN - 1).withDistribution(uniform()),
                        Arbitraries.integers().between(0, Short.MAX_VALUE).withDistribution(uniform()),
                        Arbitraries.integers().between(FEWEST_WRITES, MOST_WRITES),
                        Arbitraries.integers().between(SHORTEST, LONGEST),
                        Arbitraries.integers().between(LEAST_LATENCY, MOST_LATENCY))
                .as(Draw::new);
        return draw.list().ofMinSize(1).ofMaxSize(most).map(draws -> schedule(model, draws));
    }

    private static net.jqwik.api.RandomDistribution uniform() {
        return net.jqwik.api.RandomDistribution.uniform();
    }

    private static FaultSchedule schedule(ScheduleModel model, List<Draw> draws) {
        List<Step> steps = new ArrayList<>();
        for (Draw draw : draws) {
            Choice choice = choose(model.next(steps), draw);
            steps.add(new Step(
                    choice.kind(),
                    choice.victim(),
                    choice.moment(),
                    draw.writes(),
                    Duration.ofMillis(draw.lasts()),
                    Duration.ofMillis(draw.latency())));
        }
        return new FaultSchedule(steps);
    }

    private static Choice choose(List<Choice> all, Draw draw) {
        boolean wanted = draw.delicacy() >= TEN - DELICATE_OF_TEN;
        List<Choice> fitting =
                all.stream().filter(choice -> choice.isDelicate() == wanted).toList();
        List<Choice> from = fitting.isEmpty() ? all : fitting;
        return from.get(draw.choice() % from.size());
    }
}
