package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.fault.FaultKind.Nature;
import io.github.pggauntlet.harness.fault.FaultKind.Reach;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultSchedule.Victim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which steps may follow which, so that a schedule asks for no more than strategies promise: at most one member at a time is away
 * until somebody heals it, and what comes on top of that is over at once or takes nobody away. Pure; it knows no cluster.
 */
public final class ScheduleModel {

    private final Terrain terrain;
    private final List<FaultKind> kinds;

    /**
     * What a step breaks, on whom, and when.
     *
     * @param kind what
     * @param victim on whom
     * @param moment when
     */
    public record Choice(FaultKind kind, Victim victim, Moment moment) {

        /** Whether its moment is one that the step before has made delicate. */
        public boolean isDelicate() {
            return moment != Moment.WHOLE;
        }
    }

    /**
     * @param terrain the cluster
     * @param wanted the kinds to choose from
     * @throws IllegalArgumentException if none of them can be made in such a cluster
     */
    public ScheduleModel(Terrain terrain, Collection<FaultKind> wanted) {
        this.terrain = terrain;
        this.kinds = wanted.stream()
                .filter(kind -> kind.fits(terrain))
                .distinct()
                .sorted()
                .toList();
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "None of the faults wanted can be made in this cluster: " + wanted + ".");
        }
    }

    /** What may come next, in an order that depends on nothing else. The first of them are at no delicate moment. */
    public List<Choice> next(List<Step> before) {
        List<Choice> choices = new ArrayList<>();
        kinds.forEach(kind -> victims(kind).forEach(victim -> choices.add(new Choice(kind, victim, Moment.WHOLE))));
        if (!before.isEmpty()) {
            addDelicate(before, before.get(before.size() - 1), choices);
        }
        return List.copyOf(choices);
    }

    /** Whether each step of a schedule is one that may follow those before it. O(steps² · kinds). */
    public boolean covers(FaultSchedule schedule) {
        List<Step> steps = schedule.steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (!next(steps.subList(0, i)).contains(new Choice(step.kind(), step.victim(), step.moment()))) {
                return false;
            }
        }
        return true;
    }

    private void addDelicate(List<Step> before, Step last, List<Choice> choices) {
        if (last.moment() != Moment.WHOLE) {
            return;
        }
        boolean endsPrimary = last.victim() == Victim.PRIMARY && isCrash(last.kind());
        if (endsPrimary) {
            boolean spare = !isAway(before) || terrain.machines() > 2;
            add(
                    choices,
                    kind -> spare ? isQuickCrash(kind) : kind.nature() == Nature.SOFT,
                    kind -> new Choice(
                            kind,
                            kind.reach() == Reach.STANDBY ? Victim.STANDBY : Victim.PRIMARY,
                            Moment.AT_PROMOTION));
        }
        if (isCrash(last.kind())) {
            add(choices, ScheduleModel::isQuickCrash, kind -> new Choice(kind, Victim.LAST_HIT, Moment.AT_REJOIN));
        }
        if (last.kind().nature() == Nature.SOFT) {
            kinds.stream()
                    .filter(kind -> isCrash(kind) && kind != last.kind())
                    .forEach(kind ->
                            victims(kind).forEach(victim -> choices.add(new Choice(kind, victim, Moment.TOGETHER))));
        }
    }

    private void add(
            List<Choice> choices, Predicate<FaultKind> which, java.util.function.Function<FaultKind, Choice> how) {
        kinds.stream().filter(which).map(how).forEach(choices::add);
    }

    /** Whether somebody is away until it is healed, after these steps. */
    private static boolean isAway(List<Step> steps) {
        boolean away = false;
        for (Step step : steps) {
            if (step.moment() == Moment.WHOLE || step.moment() == Moment.AT_REJOIN) {
                away = false;
            }
            away |= step.kind().nature() == Nature.DOWN;
        }
        return away;
    }

    private static List<Victim> victims(FaultKind kind) {
        return switch (kind.reach()) {
            case PRIMARY, CLUSTER -> List.of(Victim.PRIMARY);
            case STANDBY -> List.of(Victim.STANDBY);
            case EITHER -> List.of(Victim.PRIMARY, Victim.STANDBY);
        };
    }

    /** Whether it ends a member's PostgreSQL, whatever it is. */
    static boolean isCrash(FaultKind kind) {
        return isQuickCrash(kind) || kind == FaultKind.KILL_HOST || kind == FaultKind.STOP_HOST;
    }

    /** Whether it ends a member's PostgreSQL, which comes back by itself. */
    static boolean isQuickCrash(FaultKind kind) {
        return kind == FaultKind.KILL_POSTMASTER || kind == FaultKind.KILL_AGENT || kind == FaultKind.RESTART_HOST;
    }
}
