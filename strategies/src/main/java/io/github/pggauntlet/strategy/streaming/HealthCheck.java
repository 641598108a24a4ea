package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeRole;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The questions a load balancer or a supervisor asks an agent, each answered by yes (200) or no (503). Their names and
 * meanings are those of Patroni's REST API (Patroni documentation, "Patroni REST API"), so that what is configured for the
 * one works with the other. Where they differ it says so here.
 *
 * <p>Pure: a view in, a yes or no out.
 */
enum HealthCheck {

    /** It is primary, lets writes be acknowledged, and holds the lease now. */
    PRIMARY(View::primary, "/", "/primary", "/read-write"),

    /** It holds the lease, whatever its PostgreSQL is. */
    LEADER(View::leaseHeld, "/leader"),

    /**
     * It is a standby that streams, and not farther behind than asked for. In Patroni a standby that does not stream counts
     * too, unless {@code replication_state=streaming} is asked for.
     */
    REPLICA(View::replica, "/replica"),

    /** Reads are welcome: it is primary, or a standby as {@link #REPLICA} wants it. */
    READ_ONLY(view -> view.primary() || view.replica(), "/read-only"),

    /** It is a standby that streams and has every acknowledged write. */
    SYNCHRONOUS(view -> view.replica() && view.synchronous(), "/synchronous", "/sync"),

    /** It is primary or as {@link #SYNCHRONOUS} wants it. */
    READ_ONLY_SYNC(view -> view.primary() || (view.replica() && view.synchronous()), "/read-only-sync"),

    /** It is a standby that streams, and nobody waits for it. */
    ASYNCHRONOUS(view -> view.replica() && !view.synchronous(), "/asynchronous", "/async"),

    /** Its PostgreSQL runs and answers. */
    HEALTH(View::answers, "/health"),

    /**
     * The agent goes on: its latest step ended no longer ago than a lease lasts, or two when it holds none. Whoever restarts
     * what does not answer this with 200 must know that PostgreSQL ends with its agent.
     */
    LIVENESS(
            view -> view.sinceStep()
                            .compareTo(
                                    view.leaseHeld()
                                            ? view.lease()
                                            : view.lease().multipliedBy(2))
                    <= 0,
            "/liveness"),

    /** It is primary, or a standby that streams and is not farther behind than asked for, or than 16 MB. */
    READINESS(view -> view.primary() || view.replica(), "/readiness");

    /** How far a standby that is ready may be behind unless asked otherwise: one segment of WAL, as it is by default. */
    static final long READY_BYTES = 16L << 20;

    private final Predicate<View> rule;
    private final List<String> paths;

    HealthCheck(Predicate<View> rule, String... paths) {
        this.rule = rule;
        this.paths = List.of(paths);
    }

    /**
     * What is to be known for an answer.
     *
     * @param role what the member is
     * @param open whether, as primary, it lets writes be acknowledged and holds the lease
     * @param leaseHeld whether it holds the lease, by its own clock
     * @param answers whether its PostgreSQL answered
     * @param streaming whether, as a standby, it receives WAL
     * @param synchronous whether commits wait for it
     * @param lag how many bytes it is behind the primary, as far as it knows; empty if it does not know, or was not asked
     * @param mostLag how far behind it may be; empty if that does not matter
     * @param sinceStep how long ago the agent's latest step ended
     * @param lease how long a lease lasts
     */
    record View(
            NodeRole role,
            boolean open,
            boolean leaseHeld,
            boolean answers,
            boolean streaming,
            boolean synchronous,
            OptionalLong lag,
            OptionalLong mostLag,
            Duration sinceStep,
            Duration lease) {

        boolean primary() {
            return role == NodeRole.PRIMARY && open;
        }

        boolean replica() {
            return role == NodeRole.STANDBY && streaming && near();
        }

        private boolean near() {
            return mostLag.isEmpty() || (lag.isPresent() && lag.getAsLong() <= mostLag.getAsLong());
        }
    }

    /** Whether the answer is yes. */
    boolean holds(View view) {
        return rule.test(view);
    }

    /** The question that is asked at a path. */
    static Optional<HealthCheck> at(String path) {
        return Arrays.stream(values())
                .filter(check -> check.paths.contains(path))
                .findFirst();
    }

    /** Where it is asked. */
    List<String> paths() {
        return paths;
    }
}
