package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.drbd.DrbdStatus;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks DRBD itself, on each machine that has a kernel of its own, what it says of the disk, and has the disks compared when all
 * is over. Where there is no DRBD nothing is recorded.
 */
final class DiskWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration COMPARE = Duration.ofSeconds(90);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final int MINOR = 0;

    private final List<Machine> machines;
    private final EventWriter events;
    private final RunClock clock;
    private final List<Thread> threads;

    private DiskWatch(List<Machine> machines, EventWriter events, RunClock clock) {
        this.machines = machines;
        this.events = events;
        this.clock = clock;
        this.threads = machines.stream()
                .map(machine -> new Thread(() -> watch(machine), "disk-of-" + machine.name()))
                .toList();
    }

    /**
     * Begins.
     *
     * @param replicated whether the machines have a disk that DRBD could keep alike; otherwise there is nothing to watch
     */
    static DiskWatch begin(TestCluster cluster, boolean replicated, EventWriter events, RunClock clock) {
        DiskWatch watch = new DiskWatch(
                cluster.members().stream()
                        .filter(member -> replicated)
                        .map(cluster::machine)
                        .toList(),
                events,
                clock);
        watch.threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        return watch;
    }

    private void watch(Machine machine) {
        try {
            while (true) {
                try {
                    record(machine, ask(machine.host()));
                } catch (HostException | IllegalArgumentException e) {
                    LOG.debug("{} does not say how its disk is", machine.name(), e);
                }
                Thread.sleep(PERIOD.toMillis());
            }
        } catch (InterruptedException e) {
            LOG.debug("The disk of {} is not watched any more", machine.name());
        }
    }

    private static DrbdStatus ask(Host host) throws InterruptedException {
        return DrbdStatus.parse(
                host.run(Command.of(LIMIT, "cat", "/proc/drbd")).orFail().output(), MINOR);
    }

    private void record(Machine machine, DrbdStatus status) {
        if (status.connection() != Connection.UNCONFIGURED) {
            events.append(new RunEvent.DiskSample(
                    clock.nanos(),
                    machine.name(),
                    status.connection().toString(),
                    status.role().toString(),
                    status.peerRole().toString(),
                    status.disk().toString(),
                    status.peerDisk().toString()));
        }
    }

    /** Has the disks read and compared, block by block, from the machine that is primary. What cannot be done is left out. */
    void compare() throws InterruptedException {
        for (Machine machine : machines) {
            try {
                if (ask(machine.host()).role() == Role.PRIMARY) {
                    compare(machine);
                    return;
                }
            } catch (HostException | IllegalArgumentException e) {
                LOG.info("The disks could not be compared on {}: {}", machine.name(), e.getMessage());
            }
        }
    }

    private void compare(Machine machine) throws InterruptedException {
        Host host = machine.host();
        host.run(Command.of(LIMIT, "drbdadm", "verify", "all")).orFail();
        long begin = System.nanoTime();
        DrbdStatus status = ask(host);
        while (status.connection() == Connection.VERIFY_SOURCE || status.connection() == Connection.VERIFY_TARGET) {
            if (System.nanoTime() - begin > COMPARE.toNanos()) {
                LOG.info("The comparison of the disks was not over within {} s: {}", COMPARE.toSeconds(), status);
                return;
            }
            Thread.sleep(PERIOD.toMillis());
            status = ask(host);
        }
        record(machine, status);
        if (status.connection() == Connection.CONNECTED) {
            events.append(new RunEvent.DisksCompared(clock.nanos(), machine.name(), status.outOfSyncKilobytes()));
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
