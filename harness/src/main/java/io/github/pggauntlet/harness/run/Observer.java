package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Watches a cluster while it runs: asks each member what it is and what it has done, and records the answers with the
 * progress of the load.
 */
final class Observer implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(150);
    private static final Duration END = Duration.ofSeconds(10);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final HaCluster cluster;
    private final List<String> members;
    private final EventWriter events;
    private final RunClock clock;
    private final RunListener listener;
    private final MemberTimes times;
    private final Map<String, Long> seen = new HashMap<>();
    private final Deque<RunEvent.Progress> lastSecond = new ArrayDeque<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::watch, "observer");

    private volatile Optional<Workload> load = Optional.empty();
    private volatile boolean ending;

    /**
     * Begins to look.
     *
     * @param before the number of the last entry of each member's journal that is not to be recorded
     */
    Observer(
            HaCluster cluster,
            List<String> members,
            EventWriter events,
            RunClock clock,
            RunListener listener,
            Map<String, Long> before) {
        this.cluster = cluster;
        this.members = List.copyOf(members);
        this.events = events;
        this.clock = clock;
        this.listener = listener;
        this.times = new MemberTimes(clock.anchor());
        seen.putAll(before);
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells of the progress of a load from now on, or of none. */
    void watch(Optional<Workload> newLoad) {
        load = newLoad;
    }

    /** Why it could not go on recording, if so. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure.get());
    }

    private void watch() {
        try {
            while (!ending) {
                look();
                Thread.sleep(PERIOD.toMillis());
            }
            journals();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    private void look() {
        List<NodeStatus> statuses = cluster.status();
        long now = clock.nanos();
        statuses.forEach(status -> events.append(new RunEvent.StatusSample(now, times.right(status, now))));
        journals();
        Optional<Workload> current = load;
        if (current.isPresent()) {
            RunEvent.Progress progress = current.get().progress();
            events.append(progress);
            lastSecond.addLast(progress);
            while (progress.at() - lastSecond.getFirst().at() > SECOND) {
                lastSecond.removeFirst();
            }
            RunEvent.Progress first = lastSecond.getFirst();
            long span = Math.max(1, progress.at() - first.at());
            listener.progress(
                    progress.acknowledged(),
                    (progress.acknowledged() - first.acknowledged()) * SECOND / span,
                    statuses);
        } else {
            lastSecond.clear();
            listener.progress(0, 0, statuses);
        }
    }

    private void journals() {
        for (String member : members) {
            for (JournalEntry entry : cluster.journal(member, seen.getOrDefault(member, 0L))) {
                long now = clock.nanos();
                events.append(new RunEvent.Journal(now, times.right(entry, now)));
                seen.put(member, entry.sequence());
            }
        }
    }

    @Override
    public void close() {
        ending = true;
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
