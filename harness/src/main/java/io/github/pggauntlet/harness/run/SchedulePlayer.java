package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.FaultKind.Nature;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultSchedule.Victim;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plays a schedule on a stage. Whom a step means is found out at its moment. A step whose moment does not come, or whose victim
 * there is not, is left out, and that is noted. In the end all is healed and the cluster is waited for.
 *
 * <p>For use by one thread, once.
 */
public final class SchedulePlayer {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Set<NodeRole> LEADING = Set.of(NodeRole.PRIMARY, NodeRole.PROMOTING);
    private static final Set<NodeRole> ON_ITS_WAY = Set.of(NodeRole.REJOINING, NodeRole.STANDBY, NodeRole.TRANSITION);
    private static final int LAST_WRITES = 100;

    private final Stage stage;
    private final Deque<ActiveFault> active = new ArrayDeque<>();
    private String lastHit = "";
    private int made;

    public SchedulePlayer(Stage stage) {
        this.stage = stage;
    }

    /**
     * Plays.
     *
     * @return how many faults were made
     * @throws StoryStuck if the cluster does not become whole within a minute when all is healed
     * @throws io.github.pggauntlet.harness.fault.FaultNotMade if a fault could not be healed
     */
    public int play(FaultSchedule schedule) throws InterruptedException {
        List<Step> steps = schedule.steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Optional<Moment> next =
                    i + 1 < steps.size() ? Optional.of(steps.get(i + 1).moment()) : Optional.empty();
            stage.phase((i + 1) + " of " + steps.size() + ": " + step);
            play(step, next);
        }
        rest(LAST_WRITES);
        return made;
    }

    private void play(Step step, Optional<Moment> next) throws InterruptedException {
        if (!awaitMoment(step)) {
            stage.note("Left out, since its moment did not come: " + step);
            return;
        }
        Optional<ActiveFault> fault = stage.attempt(fault(step));
        if (fault.isEmpty()) {
            return;
        }
        made++;
        active.push(fault.get());
        lastHit = fault.get().made().resolved().getOrDefault(target(step).toString(), lastHit);
        boolean more = next.filter(moment -> moment == Moment.TOGETHER || moment == Moment.AT_PROMOTION)
                .isPresent();
        if (step.kind().nature() != Nature.QUICK && !more) {
            stage.endure(step.lasts());
        }
    }

    /** Waits for the moment of a step; says whether it came. */
    private boolean awaitMoment(Step step) throws InterruptedException {
        switch (step.moment()) {
            case WHOLE -> rest(step.writes());
            case TOGETHER -> {}
            case AT_PROMOTION -> {
                return came("another than " + lastHit + " to lead", this::anotherLeads);
            }
            case AT_REJOIN -> {
                healAll();
                return came(lastHit + " to be on its way back", this::isOnItsWay);
            }
        }
        return true;
    }

    private boolean came(String what, java.util.function.Predicate<List<NodeStatus>> moment)
            throws InterruptedException {
        try {
            stage.await(what, MOMENT, moment);
            return true;
        } catch (StoryStuck e) {
            stage.note(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean anotherLeads(List<NodeStatus> statuses) {
        return leader(statuses).isPresent();
    }

    private Optional<String> leader(List<NodeStatus> statuses) {
        return statuses.stream()
                .filter(node -> LEADING.contains(node.role()) && !node.member().equals(lastHit))
                .map(NodeStatus::member)
                .findFirst();
    }

    private boolean isOnItsWay(List<NodeStatus> statuses) {
        return statuses.stream().anyMatch(node -> node.member().equals(lastHit) && ON_ITS_WAY.contains(node.role()));
    }

    private Fault fault(Step step) {
        return step.kind().on(target(step), step.latency(), stage.terrain());
    }

    private Target target(Step step) {
        if (step.victim() == Victim.LAST_HIT) {
            return Target.named(lastHit);
        }
        if (step.victim() == Victim.STANDBY) {
            return Target.standby();
        }
        if (step.moment() == Moment.AT_PROMOTION) {
            return leader(stage.look()).map(Target::named).orElse(Target.primary());
        }
        return Target.primary();
    }

    /** All healed, everybody redundant again, and some more writes. */
    private void rest(int writes) throws InterruptedException {
        healAll();
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(writes, LIMIT);
    }

    private void healAll() throws InterruptedException {
        while (!active.isEmpty()) {
            stage.heal(active.pop());
        }
    }
}
