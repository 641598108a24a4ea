package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.postgres.PostgresInstance;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** An agent's parts, put together, and what drives its {@link NodeAgent}. {@link EmbeddedAgent} gives it a thread. */
public final class AgentRuntime {

    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration SHORTEST_PEER_LIMIT = Duration.ofMillis(300);

    /** How much longer than PostgreSQL's own shutdown the agent's may take. */
    private static final Duration SHUTDOWN_SLACK = Duration.ofSeconds(15);

    private final AgentConfig config;
    private final UnaryOperator<Peers> between;
    private final Function<AgentContext, Arbiter> arbiters;
    private final AgentRules rules;
    private final Semaphore wakeUps = new Semaphore(0);
    private final CountDownLatch serving = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile Optional<SelfReport> report = Optional.empty();

    AgentRuntime(AgentConfig config, UnaryOperator<Peers> between, Function<AgentContext, Arbiter> arbiters) {
        this(config, between, arbiters, AgentRules.SOUND);
    }

    private AgentRuntime(
            AgentConfig config,
            UnaryOperator<Peers> between,
            Function<AgentContext, Arbiter> arbiters,
            AgentRules rules) {
        this.rules = rules;
        this.config = config;
        this.between = between;
        this.arbiters = arbiters;
    }

    /**
     * Runs an agent as a program: until the process is told to end, and then in good order.
     *
     * @param configFile its configuration
     * @param peers what is put between the agent and the other members' agents; the identity in production
     * @param arbiters makes its arbiter
     * @throws IOException if the configuration cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void run(Path configFile, UnaryOperator<Peers> peers, Function<AgentContext, Arbiter> arbiters)
            throws IOException, InterruptedException {
        run(configFile, peers, arbiters, AgentRules.SOUND);
    }

    /**
     * The same by other rules.
     *
     * @param rules what it decides by; {@link AgentRules#SOUND} in production
     */
    public static void run(
            Path configFile, UnaryOperator<Peers> peers, Function<AgentContext, Arbiter> arbiters, AgentRules rules)
            throws IOException, InterruptedException {
        AgentConfig config = AgentJson.mapper().readValue(Files.readAllBytes(configFile), AgentConfig.class);
        EmbeddedAgent agent = EmbeddedAgent.start(new AgentRuntime(config, peers, arbiters, rules));
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "shutdown"));
        agent.awaitEnd();
    }

    String member() {
        return config.member();
    }

    /** Drives the agent until it is told to {@linkplain #stop() stop}. */
    void run() throws InterruptedException {
        JsonMapper json = AgentJson.mapper();
        PostgresLayout layout = new PostgresLayout(config.directory());
        PostgresInstance instance = new PostgresInstance(
                new LocalHost(config.member(), "localhost"),
                layout,
                System.getProperty("user.name"),
                config.safeguards().copiesKept());
        instance.prepare();
        Map<String, String> fixed = new HashMap<>(ServerSettings.fixed());
        fixed.putAll(instance.version().settings());
        BootClock clock = BootClock.ofThisMachine();
        Ends ends = new Ends(clock);
        WatchdogDevice device =
                new WatchdogDevice(config.safeguards(), config.timings().lease(), clock);
        Optional<TlsContext> tls = config.tls();
        AgentClient agents = new AgentClient(config.agents(), tls, peerLimit(), json);
        Peers peers = between.apply(agents);
        Heartbeat heartbeat = new Heartbeat(clock);
        try (FileJournal file = new FileJournal(Path.of(layout.memory(), "journal.jsonl"), config.member(), json);
                Watchdog watchdog = new Watchdog(layout, clock);
                Postmaster postmaster = new Postmaster(layout, watchdog, rules.fixed(fixed), status -> {
                    ends.ended(status);
                    wake();
                });
                LocalServer server = new LocalServer(config, instance, postmaster, ends);
                BackgroundThreads background = new BackgroundThreads(this::wake);
                WatchedArbiter arbiter = new WatchedArbiter(
                        arbiters.apply(new AgentContext(
                                config.cluster(),
                                config.member(),
                                config.members(),
                                config.arbiter(),
                                config.timings().call(),
                                config.timings().lease(),
                                peers,
                                (member, question) -> agents.question(
                                        member, question, config.credentials().agent()),
                                () -> postmaster.pid().isPresent(),
                                Path.of(layout.data()),
                                tls,
                                config.safeguards().fencing())),
                        device)) {
            CountedJournal journal = new CountedJournal(file);
            // Whatever an earlier life of this agent has left running is under nobody's control.
            postmaster.kill();
            watchdog.beginLife();
            device.standDown();
            arbiter.onChange(this::wake);
            try (LeaseKeeper keeper = new LeaseKeeper(
                    arbiter,
                    config.timings().margin(),
                    rules.leaseClock(clock::nanos)::getAsLong,
                    fence(server, postmaster, journal),
                    rules.watches() ? List.of(watchdog, device) : List.of(device))) {
                NodeAgent agent = new NodeAgent(
                        config,
                        arbiter,
                        keeper,
                        server,
                        new RejoinTask(config, server, instance, ends, peers, journal, rules),
                        peers,
                        journal,
                        background,
                        clock,
                        rules);
                try (StatusReporter reporter = new StatusReporter(
                                config,
                                postmaster,
                                keeper,
                                agent.published(),
                                background,
                                heartbeat,
                                server.timelineSeen());
                        StatusServer status = new StatusServer(
                                config.agentPort(),
                                new AgentApi(
                                        config,
                                        reporter,
                                        journal,
                                        peers,
                                        handOver(agent, agents),
                                        arbiter.answers(),
                                        json),
                                tls);
                        SlotKeeper slots =
                                new SlotKeeper(config, () -> postmaster.pid().isPresent(), peers, rules)) {
                    slots.start();
                    status.start();
                    journal.record(Milestone.AGENT_STARTED);
                    report = Optional.of(reporter);
                    serving.countDown();
                    drive(agent, heartbeat);
                    report = Optional.empty();
                    background.stop();
                    agent.shutDown();
                }
            }
        } finally {
            report = Optional.empty();
            serving.countDown();
        }
    }

    private HandOver handOver(NodeAgent agent, AgentClient agents) {
        return new HandOver() {
            @Override
            public void stepDown() {
                agent.stepDown();
                wake();
            }

            @Override
            public void favour(String member) {
                agent.favour(member);
            }

            @Override
            public boolean tell(String other, String favoured) throws InterruptedException {
                return agents.favour(other, favoured, config.credentials().agent());
            }
        };
    }

    private Fence fence(LocalServer server, Postmaster postmaster, Journal journal) {
        if (!rules.fences()) {
            return () -> {};
        }
        return new Fence() {
            @Override
            public void turnClientsAway() {
                server.turnClientsAway();
            }

            @Override
            public void up() {
                postmaster.kill();
                journal.record(Milestone.FENCED, Map.of("why", "the lease could not be renewed in time"));
                wake();
            }
        };
    }

    /**
     * A member that is gone does not answer, and whoever takes over waits for it as long as this: a part of the outage after
     * a machine's crash. A member that is there and answers later is taken for gone in this one choice; what it has is not
     * needed, since nobody is chosen who is not promotable.
     */
    private Duration peerLimit() {
        Duration tenth = config.timings().lease().dividedBy(10);
        return tenth.compareTo(SHORTEST_PEER_LIMIT) > 0 ? tenth : SHORTEST_PEER_LIMIT;
    }

    private void drive(NodeAgent agent, Heartbeat heartbeat) throws InterruptedException {
        while (!stopping) {
            NodeAgent.Pace pace = agent.step();
            heartbeat.beat();
            long pause = switch (pace) {
                case AT_ONCE -> 0;
                case SOON -> SOON.toMillis();
                case TICK -> config.timings().tick().toMillis();
            };
            if (pause > 0 && wakeUps.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        }
    }

    private void wake() {
        wakeUps.release();
    }

    /** Tells the agent to end. Returns at once. */
    void stop() {
        stopping = true;
        wake();
    }

    /** How long an end in good order takes at most. */
    Duration shutdownLimit() {
        return config.timings().shutdown().plus(SHUTDOWN_SLACK);
    }

    /** Waits until the agent answers over HTTP or has ended. */
    boolean awaitServing(Duration limit) throws InterruptedException {
        return serving.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the member says of itself, while its agent runs. */
    Optional<SelfReport> report() {
        return report;
    }
}
