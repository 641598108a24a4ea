package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.postgres.PostgresInstance;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** An agent as a program: puts the parts together, drives the {@link NodeAgent}, and ends in good order on SIGTERM. */
public final class AgentRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(AgentRuntime.class);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration SHORTEST_PEER_LIMIT = Duration.ofMillis(300);

    /** How much longer than PostgreSQL's own shutdown the agent's may take. */
    private static final Duration SHUTDOWN_SLACK = Duration.ofSeconds(15);

    private final AgentConfig config;
    private final UnaryOperator<Peers> between;
    private final Function<AgentContext, Arbiter> arbiters;
    private final Semaphore wakeUps = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    private AgentRuntime(AgentConfig config, UnaryOperator<Peers> between, Function<AgentContext, Arbiter> arbiters) {
        this.config = config;
        this.between = between;
        this.arbiters = arbiters;
    }

    /**
     * Runs an agent until it is told to stop.
     *
     * @param configFile its configuration
     * @param peers what is put between the agent and the other members' agents; the identity in production
     * @param arbiters makes its arbiter
     * @throws IOException if the configuration cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void run(Path configFile, UnaryOperator<Peers> peers, Function<AgentContext, Arbiter> arbiters)
            throws IOException, InterruptedException {
        AgentConfig config = AgentJson.mapper().readValue(Files.readAllBytes(configFile), AgentConfig.class);
        new AgentRuntime(config, peers, arbiters).run();
    }

    private void run() throws InterruptedException {
        JsonMapper json = AgentJson.mapper();
        PostgresLayout layout = new PostgresLayout(config.directory());
        PostgresInstance instance = new PostgresInstance(
                new LocalHost(config.member(), "localhost"), layout, System.getProperty("user.name"));
        instance.prepare();
        AgentClient agents = new AgentClient(config.agents(), peerLimit(), json);
        Peers peers = between.apply(agents);
        try (FileJournal journal = new FileJournal(Path.of(layout.memory(), "journal.jsonl"), config.member(), json);
                Postmaster postmaster = new Postmaster(layout, this::wake);
                LocalServer server = new LocalServer(config, instance, postmaster);
                BackgroundThreads background = new BackgroundThreads(this::wake);
                Arbiter arbiter = arbiters.apply(new AgentContext(
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
                        Path.of(layout.data())))) {
            // Whatever an earlier life of this agent has left running is under nobody's control.
            postmaster.kill();
            arbiter.onChange(this::wake);
            try (LeaseKeeper keeper = new LeaseKeeper(arbiter, config.timings().margin(), () -> {
                postmaster.kill();
                journal.record(Milestone.FENCED, java.util.Map.of("why", "the lease could not be renewed in time"));
                wake();
            })) {
                NodeAgent agent = new NodeAgent(
                        config,
                        arbiter,
                        keeper,
                        server,
                        new RejoinTask(config, server, instance, peers, journal),
                        peers,
                        journal,
                        background,
                        System::nanoTime);
                try (StatusReporter reporter = new StatusReporter(
                                config, postmaster, keeper, agent.published(), background, server.timelineSeen());
                        StatusServer status = new StatusServer(
                                config.agentPort(),
                                reporter,
                                journal,
                                config.credentials().agent(),
                                () -> {
                                    agent.stepDown();
                                    wake();
                                },
                                json)) {
                    if (arbiter instanceof PeerAnswers answers) {
                        status.answer(answers, config.credentials().agent());
                    }
                    status.start();
                    journal.record(Milestone.AGENT_STARTED);
                    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
                    drive(agent);
                    background.stop();
                    agent.shutDown();
                }
            }
        } finally {
            ended.countDown();
        }
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

    private void drive(NodeAgent agent) throws InterruptedException {
        while (!stopping) {
            NodeAgent.Pace pace = agent.step();
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

    private void stop() {
        stopping = true;
        wake();
        try {
            Duration limit = config.timings().shutdown().plus(SHUTDOWN_SLACK);
            if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("The agent did not end within {} ms of being told to.", limit.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
