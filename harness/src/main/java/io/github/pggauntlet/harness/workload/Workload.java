package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The load of a run: client sessions, and one probe for each member. Safe for use by several threads.
 *
 * <p>A session that has waited for an answer for longer than its patience makes the primary be looked for; when it is found
 * elsewhere the session breaks its connection and goes there. Its write is then unknown. So an application behaves that
 * checks its connections; one that does not would wait for its socket's timeout, and measure that.
 */
public final class Workload implements AutoCloseable {

    private static final Duration LOGIN = Duration.ofSeconds(1);
    private static final Duration PROBE_ANSWER = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(20);
    private static final long WATCH_MILLIS = 20;
    private static final long AWAIT_MILLIS = 10;

    private final Recorder recorder;
    private final PrimaryFinder finder;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    private Workload(Recorder recorder, PrimaryFinder finder) {
        this.recorder = recorder;
        this.finder = finder;
    }

    /**
     * Starts the load. The {@linkplain LedgerSchema tables} must be there.
     *
     * @param settings how much, and how
     * @param access how applications reach the cluster
     * @param routes by which the operator reaches each member's PostgreSQL, for the probes
     * @param members the members to probe
     * @param recorder where operations are recorded
     */
    public static Workload start(
            WorkloadSettings settings, ClientAccess access, Routes routes, List<String> members, Recorder recorder) {
        Connector clients = new Connector(access, "gauntlet client", LOGIN, settings.answer());
        Connector probes = new Connector(access, "gauntlet probe", LOGIN, PROBE_ANSWER);
        Workload workload = new Workload(recorder, PrimaryFinder.start(clients, LOGIN));
        SplittableRandom random = new SplittableRandom(settings.seed());
        Deeds deeds = new Deeds(settings, recorder, clients);
        for (int i = 1; i <= settings.sessions(); i++) {
            int number = recorder.newSession();
            workload.sessions.add(new Session(
                    number,
                    deeds.of(i, number, random.split()),
                    clients,
                    workload.finder,
                    recorder,
                    new Pace(deeds.rate(i)),
                    random.split(),
                    settings.patience()));
        }
        workload.workers.addAll(workload.sessions);
        for (String member : members) {
            workload.workers.add(new Probe(
                    recorder.newSession(),
                    member,
                    routes.route(Routes.OPERATOR, member, Service.POSTGRES),
                    probes,
                    recorder,
                    settings.probeEvery()));
        }
        workload.workers.add(workload.new Watch());
        workload.startThreads();
        return workload;
    }

    private void startThreads() {
        for (Worker worker : workers) {
            Thread thread = new Thread(() -> run(worker), worker.toString());
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void run(Worker worker) {
        try {
            worker.work();
        } catch (InterruptedException e) {
            // Told to end.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Above all a full disk: a load that goes unrecorded is worth nothing.
            failure.compareAndSet(null, e);
            workers.forEach(Worker::stop);
        }
    }

    /** Looks after sessions that wait. */
    private final class Watch implements Worker {

        private volatile boolean stopping;

        @Override
        public void work() throws InterruptedException {
            boolean doubting = false;
            try {
                while (!stopping) {
                    boolean stalled = sessions.stream().anyMatch(Session::isStalled);
                    if (stalled != doubting) {
                        finder.doubt(stalled);
                        doubting = stalled;
                    }
                    if (stalled) {
                        Optional<Endpoint> primary = finder.known();
                        primary.ifPresent(at -> sessions.forEach(session -> session.leaveUnlessAt(at)));
                    }
                    TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
                }
            } finally {
                if (doubting) {
                    finder.doubt(false);
                }
            }
        }

        @Override
        public void stop() {
            stopping = true;
        }

        @Override
        public void abort() {
            // It waits for nothing but its next turn.
        }

        @Override
        public String toString() {
            return "watch over sessions";
        }
    }

    /** How many operations there have been, by their outcomes. To be recorded as an event while the load runs. */
    public RunEvent.Progress progress() {
        return recorder.progress();
    }

    /** Why the load has ended by itself, if it has. */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /**
     * Waits until so many more writes are acknowledged than at the time of the call.
     *
     * @throws WorkloadException if that takes longer than {@code bound}
     * @throws RuntimeException why the load has ended, if it has
     */
    public void awaitAcknowledged(long more, Duration bound) throws InterruptedException {
        long begin = System.nanoTime();
        long wanted = progress().acknowledged() + more;
        while (progress().acknowledged() < wanted) {
            requireSound();
            if (System.nanoTime() - begin > bound.toNanos()) {
                throw new WorkloadException("Waited " + bound.toMillis() + " ms for " + more
                        + " more acknowledged writes and saw "
                        + (more - (wanted - progress().acknowledged())) + ".");
            }
            TimeUnit.MILLISECONDS.sleep(AWAIT_MILLIS);
        }
    }

    /**
     * Ends the load: lets each session complete its write, and breaks off those that have not within half of {@code bound}.
     * Every write that was begun is recorded when this returns.
     *
     * @throws WorkloadException if a session has not ended within {@code bound}
     * @throws RuntimeException why the load had ended before, if it had
     */
    public void stop(Duration bound) throws InterruptedException {
        workers.forEach(Worker::stop);
        long begin = System.nanoTime();
        join(begin, bound.toNanos() / 2);
        workers.forEach(Worker::abort);
        finder.close();
        join(begin, bound.toNanos());
        List<String> late =
                threads.stream().filter(Thread::isAlive).map(Thread::getName).toList();
        if (!late.isEmpty()) {
            throw new WorkloadException("Still at work " + bound.toMillis() + " ms after the load was told to end: "
                    + String.join(", ", late) + ".");
        }
        requireSound();
    }

    private void join(long begin, long bound) throws InterruptedException {
        for (Thread thread : threads) {
            long left = bound - (System.nanoTime() - begin);
            if (left > 0) {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            }
        }
    }

    private void requireSound() {
        RuntimeException known = failure.get();
        if (known != null) {
            throw known;
        }
    }

    /** Ends the load, for those who do not care how. Why it had ended before, if it had, they have been told already. */
    @Override
    public void close() {
        try {
            stop(CLOSE);
        } catch (InterruptedException e) {
            workers.forEach(Worker::abort);
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!e.equals(failure.get())) {
                throw e;
            }
        }
    }
}
