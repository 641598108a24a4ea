package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.NodeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent in one's own process. The agent's program is nothing but this and a signal handler.
 *
 * <p>The process must not be root's, since PostgreSQL will not run so, and must have PostgreSQL's programs and
 * {@code setpriv} on its search path. PostgreSQL is its child: when the process dies, by whatever, PostgreSQL is told by the
 * kernel to end at once. Safe for use by several threads.
 */
public final class EmbeddedAgent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedAgent.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final AgentRuntime runtime;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    private EmbeddedAgent(AgentRuntime runtime) {
        this.runtime = runtime;
        this.thread = new Thread(this::run, "agent-" + runtime.member());
    }

    /**
     * Starts the agent of a member, on the ports {@code 5432} for PostgreSQL and {@code 8008} for itself. Returns when it
     * answers over HTTP; its PostgreSQL comes up, follows or leads in the background, as {@link #status()} tells.
     *
     * @param spec the cluster, the same for every member
     * @param member whose agent this is
     * @param directory where everything is kept; an absolute path that this process may write
     * @throws IllegalArgumentException if the cluster has no such member
     * @throws HaException if the agent could not be started
     * @throws InterruptedException if the calling thread is interrupted; the agent has then been stopped
     */
    public static EmbeddedAgent start(ClusterSpec spec, String member, Path directory) throws InterruptedException {
        return start(spec, member, directory, AgentConfig.POSTGRES_PORT, AgentConfig.AGENT_PORT);
    }

    /**
     * Starts the agent of a member as {@link #start(ClusterSpec, String, Path)} does, on other ports.
     *
     * @param postgresPort where PostgreSQL shall listen; the spec's routes must lead there
     * @param agentPort where the agent shall listen for HTTP; the spec's routes must lead there
     */
    public static EmbeddedAgent start(ClusterSpec spec, String member, Path directory, int postgresPort, int agentPort)
            throws InterruptedException {
        if (!spec.members().contains(member)) {
            throw new IllegalArgumentException("The cluster has no member '" + member + "'; there are: "
                    + String.join(", ", spec.members()) + ".");
        }
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("The agent's directory is an absolute path, not '" + directory + "'.");
        }
        AgentConfig config = AgentConfig.of(spec, member).at(directory.toString(), postgresPort, agentPort);
        return start(new AgentRuntime(config, UnaryOperator.identity(), AgentContext::etcd));
    }

    static EmbeddedAgent start(AgentRuntime runtime) throws InterruptedException {
        EmbeddedAgent agent = new EmbeddedAgent(runtime);
        agent.thread.start();
        try {
            if (!runtime.awaitServing(START_LIMIT)) {
                agent.close();
                throw new HaException("The agent of " + runtime.member() + " did not start within "
                        + START_LIMIT.toSeconds() + " s.");
            }
            if (runtime.report().isEmpty()) {
                // It has ended already; what for is known when its thread has.
                agent.thread.join();
            }
        } catch (InterruptedException e) {
            agent.runtime.stop();
            throw e;
        }
        agent.requireNoFailure();
        return agent;
    }

    private void run() {
        try {
            runtime.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** What the member is now. */
    public NodeStatus status() {
        return runtime.report()
                .map(SelfReport::status)
                .orElseGet(() -> NodeStatus.unreachable(runtime.member(), Instant.now(), "The agent has ended."));
    }

    /**
     * Waits until the agent has ended, which it does only when it is closed or fails.
     *
     * @throws HaException if it has failed
     * @throws InterruptedException if the calling thread is interrupted; the agent runs on
     */
    public void awaitEnd() throws InterruptedException {
        thread.join();
        requireNoFailure();
    }

    private void requireNoFailure() {
        Throwable why = failure;
        if (why != null) {
            throw new HaException("The agent of " + runtime.member() + " has failed: " + why, why);
        }
    }

    /**
     * Ends the agent in good order: PostgreSQL is shut down, which waits until a standby that streams has everything, and
     * only then the lease is given back. Returns when that is done, or after the time that the cluster's
     * {@linkplain io.github.pggauntlet.strategy.Timings#shutdown() timings} allow and 15 s. If the calling thread is
     * interrupted it returns at once, interrupted, and the agent ends by itself.
     */
    @Override
    public void close() {
        runtime.stop();
        Duration limit = runtime.shutdownLimit();
        try {
            thread.join(limit.toMillis());
            if (thread.isAlive()) {
                LOG.error("The agent did not end within {} ms of being told to.", limit.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
