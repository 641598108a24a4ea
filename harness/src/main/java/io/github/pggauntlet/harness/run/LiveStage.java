package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.fault.Injector;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadException;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/** A stage on a real cluster. */
final class LiveStage implements Stage {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** For how long two primaries may be seen before the story is given up: they do not go away by being waited for. */
    private static final Duration SPLIT = Duration.ofSeconds(4);

    private final List<String> members;
    private final Map<String, String> parameters;
    private final SplittableRandom random;
    private final HaCluster cluster;
    private final Injector injector;
    private final Workload load;
    private final EventWriter events;
    private final RunClock clock;
    private final RunListener listener;
    private final List<Numbered> faults = new ArrayList<>();

    private record Numbered(String id, ActiveFault fault) {}

    LiveStage(
            List<String> members,
            Map<String, String> parameters,
            SplittableRandom random,
            HaCluster cluster,
            Injector injector,
            Workload load,
            EventWriter events,
            RunClock clock,
            RunListener listener) {
        this.members = List.copyOf(members);
        this.parameters = Map.copyOf(parameters);
        this.random = random;
        this.cluster = cluster;
        this.injector = injector;
        this.load = load;
        this.events = events;
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public List<String> members() {
        return members;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public SplittableRandom random() {
        return random;
    }

    @Override
    public void phase(String name) {
        events.append(new RunEvent.Phase(clock.nanos(), name));
        listener.phase(name);
    }

    @Override
    public ActiveFault inject(Fault fault) throws InterruptedException {
        String id = "f" + (faults.size() + 1);
        try {
            ActiveFault made = injector.inject(fault);
            faults.add(new Numbered(id, made));
            ActiveFault.Made facts = made.made();
            events.append(new RunEvent.FaultMade(
                    clock.anchor().nanos(facts.from()),
                    clock.anchor().nanos(facts.to()),
                    id,
                    fault.toString(),
                    facts.judgedAs(),
                    String.join(" and ", new TreeMap<>(facts.resolved()).keySet()),
                    String.join(" and ", new TreeMap<>(facts.resolved()).values()),
                    new TreeMap<>(facts.evidence()).toString()));
            listener.faultMade(fault + " " + facts.resolved().values());
            return made;
        } catch (FaultNotMade e) {
            events.append(new RunEvent.FaultNotMade(
                    clock.nanos(), id, fault.toString(), fault.toString(), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    @Override
    public void heal(ActiveFault fault) throws InterruptedException {
        for (Numbered numbered : faults) {
            if (numbered.fault().equals(fault) && fault.healed().isEmpty()) {
                ActiveFault.Healed healed = fault.heal();
                events.append(new RunEvent.FaultHealed(
                        clock.anchor().nanos(healed.to()), numbered.id(), new TreeMap<>(healed.evidence()).toString()));
                listener.faultHealed(fault.toString());
            }
        }
    }

    /** Heals whatever has not been healed. */
    void healAll() throws InterruptedException {
        for (Numbered numbered : List.copyOf(faults)) {
            heal(numbered.fault());
        }
    }

    @Override
    public void endure(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Override
    public void awaitAcknowledged(long more, Duration limit) throws InterruptedException {
        try {
            load.awaitAcknowledged(more, limit);
        } catch (WorkloadException e) {
            throw new StoryStuck(e.getMessage() + " The members said: " + Health.describe(cluster.status()) + ".");
        }
    }

    @Override
    public NodeStatus awaitPrimary(Duration limit) throws InterruptedException {
        return await("one primary that is open", limit, Health::primary);
    }

    @Override
    public NodeStatus awaitTakeover(String former, Duration limit) throws InterruptedException {
        return await(
                "another primary than " + former,
                limit,
                statuses -> Health.primary(statuses)
                        .filter(primary -> !primary.member().equals(former)));
    }

    @Override
    public void awaitWhole(Duration limit) throws InterruptedException {
        await(
                "all members to be redundant again",
                limit,
                statuses -> Health.whole(statuses) ? Optional.of(true) : Optional.empty());
    }

    private <T> T await(String what, Duration limit, Function<List<NodeStatus>, Optional<T>> condition)
            throws InterruptedException {
        return await(cluster, what, limit, statuses -> {
            Optional<T> found = condition.apply(statuses);
            // The story goes on because of what was seen here, so the record must hold it: whoever judges by the
            // record would otherwise know only what the observer happened to see before the next fault.
            found.ifPresent(seen -> record(statuses));
            return found;
        });
    }

    private void record(List<NodeStatus> statuses) {
        long now = clock.nanos();
        statuses.forEach(status -> events.append(new RunEvent.StatusSample(now, status)));
    }

    /** Asks the members until they answer as wanted. */
    static <T> T await(
            HaCluster cluster, String what, Duration limit, Function<List<NodeStatus>, Optional<T>> condition)
            throws InterruptedException {
        long begin = System.nanoTime();
        long lastWhole = begin;
        while (true) {
            List<NodeStatus> statuses = cluster.status();
            Optional<T> found = condition.apply(statuses);
            if (found.isPresent()) {
                return found.get();
            }
            long now = System.nanoTime();
            lastWhole = Health.split(statuses) ? lastWhole : now;
            if (now - begin > limit.toNanos() || now - lastWhole > SPLIT.toNanos()) {
                throw new StoryStuck("Waited " + (now - begin) / 1_000_000 + " ms for " + what + " and saw instead: "
                        + Health.describe(statuses) + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }
}
