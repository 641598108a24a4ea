package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.fault.Injector;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.harness.fault.VictimGone;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadException;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A stage on a real cluster. */
final class LiveStage implements Stage {

    private static final int EMULATED = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** For how long two primaries may be seen before the story is given up: they do not go away by being waited for. */
    private static final Duration SPLIT = Duration.ofSeconds(4);

    private final TestCluster machines;
    private final Terrain terrain;
    private final Map<String, String> parameters;
    private final SplittableRandom random;
    private final HaCluster cluster;
    private final Injector injector;
    private final DirectSql sql;
    private final Workload load;
    private final EventWriter events;
    private final RunClock clock;
    private final RunListener listener;
    private final Duration patience;
    private final List<Numbered> faults = new ArrayList<>();

    private record Numbered(String id, ActiveFault fault) {}

    LiveStage(
            TestCluster machines,
            Set<FaultClass> promised,
            Map<String, String> parameters,
            SplittableRandom random,
            HaCluster cluster,
            DirectSql sql,
            Workload load,
            EventWriter events,
            RunClock clock,
            RunListener listener,
            Duration patience) {
        this.machines = machines;
        this.terrain = new Terrain(
                machines.members().size(),
                machines.arbiters().size(),
                machines.machine(machines.members().get(0)).hasLimitedVolume(),
                machines.census().isPresent(),
                machines.machine(machines.members().get(0)).hasOwnKernel(),
                promised);
        this.parameters = Map.copyOf(parameters);
        this.random = random;
        this.cluster = cluster;
        this.injector = new Injector(machines, cluster);
        this.sql = sql;
        this.load = load;
        this.events = events;
        this.clock = clock;
        this.listener = listener;
        this.patience = patience;
    }

    @Override
    public List<String> members() {
        return machines.members();
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
    public Terrain terrain() {
        return terrain;
    }

    @Override
    public ActiveFault inject(Fault fault) throws InterruptedException {
        try {
            return made(fault);
        } catch (FaultNotMade e) {
            record(fault, e);
            throw e;
        }
    }

    private void record(Fault fault, FaultNotMade why) {
        events.append(new RunEvent.FaultNotMade(
                clock.nanos(), nextId(), fault.toString(), fault.toString(), String.valueOf(why.getMessage())));
    }

    @Override
    public Optional<ActiveFault> attempt(Fault fault) throws InterruptedException {
        try {
            return Optional.of(made(fault));
        } catch (VictimGone e) {
            String what = "Left out, since it could not be made: " + fault + ". " + e.getMessage();
            note(what);
            listener.note(what);
            return Optional.empty();
        } catch (FaultNotMade e) {
            record(fault, e);
            listener.note("Not made: " + fault + ". " + e.getMessage());
            return Optional.empty();
        }
    }

    private String nextId() {
        return "f" + (faults.size() + 1);
    }

    private ActiveFault made(Fault fault) throws InterruptedException {
        String id = nextId();
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
                new TreeMap<>(facts.evidence()).toString(),
                fault.sparesProcesses()));
        listener.faultMade(fault + " " + facts.resolved().values());
        return made;
    }

    /**
     * Breaks something of whoever is primary. One that ceases to be primary in that very moment is not missed: another one is
     * awaited.
     *
     * @param fault a fault of the primary
     * @param limit how long to wait for a primary, and how long to go on
     * @return what was broken
     * @throws FaultNotMade if it could not be done
     * @throws StoryStuck if nobody became primary
     */
    ActiveFault insist(Fault fault, Duration limit) throws InterruptedException {
        try {
            return Insistence.on(
                    () -> {
                        awaitPrimary(limit);
                        return made(fault);
                    },
                    limit);
        } catch (FaultNotMade e) {
            record(fault, e);
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

    /**
     * Heals whatever has not been healed, the youngest first: what lies on top of something is in the way of healing it.
     *
     * @throws FaultNotMade if one could not be healed; the others are healed all the same
     */
    void healAll() throws InterruptedException {
        List<FaultNotMade> failures = new ArrayList<>();
        for (int i = faults.size() - 1; i >= 0; i--) {
            try {
                heal(faults.get(i).fault());
            } catch (FaultNotMade e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    @Override
    public void endure(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Override
    public void awaitAcknowledged(long more, Duration limit) throws InterruptedException {
        try {
            load.awaitAcknowledged(more, bound(limit));
        } catch (WorkloadException e) {
            throw new StoryStuck(e.getMessage() + " The members said: " + Health.describe(cluster.status()) + ".");
        }
    }

    @Override
    public NodeStatus awaitPrimary(Duration limit) throws InterruptedException {
        return awaitSeen("one primary that is open", limit, Health::primary);
    }

    @Override
    public NodeStatus awaitTakeover(String former, Duration limit) throws InterruptedException {
        return awaitSeen(
                "another primary than " + former,
                limit,
                statuses -> Health.primary(statuses)
                        .filter(primary -> !primary.member().equals(former)));
    }

    @Override
    public void awaitWhole(Duration limit) throws InterruptedException {
        awaitSeen(
                "all members to be redundant again",
                limit,
                statuses -> Health.whole(statuses) ? Optional.of(true) : Optional.empty());
    }

    @Override
    public NodeStatus awaitRole(String member, NodeRole role, Duration limit) throws InterruptedException {
        return awaitSeen(
                member + " to be " + role,
                limit,
                statuses -> of(member, statuses).filter(node -> node.role() == role));
    }

    @Override
    public NodeStatus awaitStandby(String member, Duration limit) throws InterruptedException {
        return awaitSeen(
                member + " to stream from the primary",
                limit,
                statuses -> Health.primary(statuses)
                        .flatMap(primary -> of(member, statuses)
                                .filter(node -> node.role() == NodeRole.STANDBY
                                        && node.streaming()
                                        && node.timeline().equals(primary.timeline()))));
    }

    private static Optional<NodeStatus> of(String member, List<NodeStatus> statuses) {
        return statuses.stream().filter(node -> node.member().equals(member)).findFirst();
    }

    @Override
    public void awaitBlocked(Duration quiet, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        long last = load.progress().acknowledged();
        long since = begin;
        while (System.nanoTime() - since < quiet.toNanos()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new StoryStuck(
                        "Waited " + limit.toMillis() + " ms for writes to stop, and they go on. The members" + " said: "
                                + Health.describe(cluster.status()) + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            long now = load.progress().acknowledged();
            since = now == last ? since : System.nanoTime();
            last = now;
        }
    }

    @Override
    public void await(String what, Duration limit, Predicate<List<NodeStatus>> condition) throws InterruptedException {
        awaitSeen(what, limit, statuses -> condition.test(statuses) ? Optional.of(true) : Optional.empty());
    }

    @Override
    public List<NodeStatus> look() {
        return cluster.status();
    }

    @Override
    public ActiveFault switchover(Optional<String> to) throws InterruptedException {
        return inject(new Fault.Switchover(to));
    }

    @Override
    public void giveUp(String member) throws InterruptedException {
        note("The operator has " + member + " give up what it has written alone.");
        cluster.giveUp(member);
    }

    @Override
    public Optional<String> sql(String member, String statement) throws SQLException {
        note("The operator executes on " + member + ": " + statement);
        return sql.execute(machines.routes().route(Routes.OPERATOR, member, Service.POSTGRES), statement);
    }

    @Override
    public CommandResult shell(String member, Command command) throws InterruptedException {
        note("The operator runs on " + member + ": " + command);
        return machines.machine(member).host().run(command);
    }

    @Override
    public void note(String text) {
        events.append(new RunEvent.Note(clock.nanos(), text));
    }

    private <T> T awaitSeen(String what, Duration limit, Function<List<NodeStatus>, Optional<T>> condition)
            throws InterruptedException {
        return await(cluster, what, bound(limit), statuses -> {
            Optional<T> found = condition.apply(statuses);
            // The story goes on because of what was seen here, so the record must hold it: whoever judges by the
            // record would otherwise know only what the observer happened to see before the next fault.
            found.ifPresent(seen -> record(statuses));
            return found;
        });
    }

    /**
     * How long to wait where a story would wait that long. Machines with a kernel of their own are emulated where there is no
     * hardware acceleration, and their servers then take several times as long for everything.
     */
    Duration bound(Duration limit) {
        Duration stretched = terrain.ownKernels() ? limit.multipliedBy(EMULATED) : limit;
        return stretched.compareTo(patience) < 0 ? stretched : patience;
    }

    private void record(List<NodeStatus> statuses) {
        long now = clock.nanos();
        MemberTimes times = new MemberTimes(clock.anchor());
        statuses.forEach(status -> events.append(new RunEvent.StatusSample(now, times.right(status, now))));
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
