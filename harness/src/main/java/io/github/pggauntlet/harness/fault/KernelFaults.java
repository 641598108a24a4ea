package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;

/** Makes the faults that take a machine with a kernel of its own: of its clock and of its disks. */
final class KernelFaults {

    private static final String VOLUME = "/var/lib/gauntlet";

    /** Where there is no hardware acceleration a guest is many times slower than its engine. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration DRIFT_SEEN = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /** {@code date} sets whole seconds, and the machine's answer takes its time. */
    private static final long STEP_TOLERANCE_MILLIS = 2_000;

    /** Microseconds in one tick of a clock that runs right: {@code adjtimex(2)}, with 100 ticks a second. */
    private static final int TICK = 10_000;

    private static final String STEP = "date --utc --set \"@$(($(date +%s) + $1))\"";

    private static final String TELL_TICK = "busybox adjtimex | sed -n 's/^ *-t  *tick: *\\([0-9]*\\).*/\\1/p'";

    /** Each write waits until it is on the disk. */
    private static final String TIME_WRITES = """
            probe=$1/disk-probe
            begin=$(date +%s%N)
            dd if=/dev/zero of="$probe" bs=4096 count="$2" oflag=dsync status=none || exit 3
            end=$(date +%s%N)
            rm -f "$probe"
            echo $(((end - begin) / 1000000))
            """;

    private static final int TIMED_WRITES = 10;

    /**
     * {@code FS_IOC_SHUTDOWN} with {@code NOLOGFLUSH} (Linux, {@code include/uapi/linux/fs.h}; ext4 and XFS have it): what had not
     * been flushed is not flushed now either.
     */
    private static final String SHUT_DOWN = """
            perl -e 'open(my $d, "<", $ARGV[0]) or die "$!\n"; my $how = pack("L", 2);
              ioctl($d, 0x8004587D, $how) or die "$!\n";' "$1" || exit 3
            if dd if=/dev/zero of="$1/disk-probe" bs=512 count=1 conv=fsync status=none 2>/dev/null; then
              echo "a write was still flushed" >&2
              exit 4
            fi
            findmnt --noheadings --output SOURCE,FSTYPE --target "$1"
            """;

    private final TestCluster cluster;
    private final Targets targets;

    KernelFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    /** How far a machine's clock is from this process's, and how sure that is; in milliseconds. */
    private record Offset(long millis, long uncertainty) {

        @Override
        public String toString() {
            return millis + " ms, within " + uncertainty + " ms";
        }
    }

    ActiveFault step(ClockFault.StepClock fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = machine(hit, fault);
        Offset before = offset(machine);
        Instant from = Instant.now();
        order(machine, STEP, Long.toString(fault.step().toSeconds()));
        Instant to = Instant.now();
        Offset after = offset(machine);
        long moved = after.millis() - before.millis();
        long tolerance = STEP_TOLERANCE_MILLIS + before.uncertainty() + after.uncertainty();
        if (Math.abs(moved - fault.step().toMillis()) > tolerance) {
            throw new FaultNotMade("The clock of " + machine.name() + " was to step by " + fault.step()
                    + " and has moved by " + moved + " ms.");
        }
        return active(
                fault,
                fault.target(),
                hit,
                from,
                to,
                Map.of("role", hit.role().name(), "ahead before", before.toString(), "ahead", after.toString()),
                () -> setRight(machine));
    }

    ActiveFault drift(ClockFault.DriftClock fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = machine(hit, fault);
        int tick = TICK + fault.perThousand() * (TICK / 1000);
        Instant from = Instant.now();
        setTick(machine, tick);
        Instant to = Instant.now();
        String seen;
        try {
            seen = awaitDrift(machine, fault.perThousand());
        } catch (FaultNotMade e) {
            setRight(machine);
            throw e;
        }
        return active(
                fault,
                fault.target(),
                hit,
                from,
                to,
                Map.of("role", hit.role().name(), "tick, in microseconds", Integer.toString(tick), "seen", seen),
                () -> {
                    if (machine.state().running()) {
                        setTick(machine, TICK);
                    }
                    return setRight(machine);
                });
    }

    private static void setTick(Machine machine, int tick) throws InterruptedException {
        order(machine, "busybox adjtimex -q -t \"$1\"", Integer.toString(tick));
        String told = order(machine, TELL_TICK);
        if (!told.equals(Integer.toString(tick))) {
            throw new FaultNotMade(
                    "The tick of the clock of " + machine.name() + " was to be " + tick + " and is " + told + ".");
        }
    }

    /** Until the clock has gone astray by more than looking at it is uncertain. */
    private static String awaitDrift(Machine machine, int perThousand) throws InterruptedException {
        Offset first = offset(machine);
        long begin = System.nanoTime();
        while (true) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            Offset now = offset(machine);
            long moved = now.millis() - first.millis();
            long uncertainty = now.uncertainty() + first.uncertainty();
            long passed = (System.nanoTime() - begin) / 1_000_000;
            if (moved * Integer.signum(perThousand) > uncertainty) {
                return moved + " ms astray after " + passed + " ms";
            }
            if (passed > DRIFT_SEEN.toMillis()) {
                throw new FaultNotMade("The clock of " + machine.name() + " was to run wrong by " + perThousand
                        + " in a thousand; in " + passed + " ms it has moved by " + moved + " ms.");
            }
        }
    }

    private static Map<String, String> setRight(Machine machine) throws InterruptedException {
        try {
            if (!machine.state().running()) {
                // Its clock is set when it boots.
                machine.start();
            } else {
                machine.setClock();
            }
            return Map.of("ahead", offset(machine).toString());
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The clock of " + machine.name() + " was not set right: " + e.getMessage(), e);
        }
    }

    private static Offset offset(Machine machine) throws InterruptedException {
        long before = System.currentTimeMillis();
        long told = Long.parseLong(order(machine, "date +%s%3N"));
        long after = System.currentTimeMillis();
        return new Offset(told - (before + after) / 2, (after - before) / 2 + 1);
    }

    ActiveFault slow(DiskFault.SlowDisk fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = machine(hit, fault);
        long before = timeWrites(machine);
        Instant from = Instant.now();
        String limits = limit(machine, OptionalInt.of(fault.operations()));
        Instant to = Instant.now();
        long after = timeWrites(machine);
        // A tenth of a second's work may be done at once (QEMU, util/throttle.c).
        double least = Math.max(0, TIMED_WRITES - 1 - fault.operations() / 10.0) * 1000 / fault.operations();
        if (after < least) {
            limit(machine, OptionalInt.empty());
            throw new FaultNotMade("The disks of " + machine.name() + " were to be slow, and " + TIMED_WRITES
                    + " writes took " + after + " ms, where they should take " + Math.round(least) + ".");
        }
        return active(
                fault,
                fault.target(),
                hit,
                from,
                to,
                Map.of(
                        "role",
                        hit.role().name(),
                        "limits",
                        limits,
                        TIMED_WRITES + " writes before, and now",
                        before + " ms and " + after + " ms"),
                () -> Map.of("limits", heal(machine)));
    }

    private static String heal(Machine machine) throws InterruptedException {
        try {
            if (!machine.state().running()) {
                // The limits went with the virtual machine.
                machine.start();
            }
            return limit(machine, OptionalInt.empty());
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The disks of " + machine.name() + " are still slow: " + e.getMessage(), e);
        }
    }

    private static String limit(Machine machine, OptionalInt operations) throws InterruptedException {
        try {
            return String.join("; ", machine.limitDisks(operations));
        } catch (HostException e) {
            throw new FaultNotMade("The disks of " + machine.name() + " were not limited: " + e.getMessage(), e);
        }
    }

    private static long timeWrites(Machine machine) throws InterruptedException {
        return Long.parseLong(order(machine, TIME_WRITES, VOLUME, Integer.toString(TIMED_WRITES)));
    }

    ActiveFault fail(DiskFault.FailDisk fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = machine(hit, fault);
        Instant from = Instant.now();
        String disk = order(machine, SHUT_DOWN, new PostgresLayout(VOLUME).data());
        Instant to = Instant.now();
        return active(
                fault,
                fault.target(),
                hit,
                from,
                to,
                Map.of("role", hit.role().name(), "takes no writes", disk),
                () -> powerCycle(machine));
    }

    private static Map<String, String> powerCycle(Machine machine) throws InterruptedException {
        try {
            if (machine.state().running()) {
                machine.kill();
            }
            return MachineFaults.start(machine);
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The machine " + machine.name() + " was not switched off: " + e.getMessage(), e);
        }
    }

    private Machine machine(NodeStatus hit, Fault fault) throws InterruptedException {
        Machine machine = cluster.machine(hit.member());
        if (!machine.hasOwnKernel()) {
            throw new FaultNotMade(
                    "The machine " + machine.name() + " shares the engine's kernel, and with it clock and disks; that "
                            + fault + " takes machines with a kernel of their own.");
        }
        if (!machine.state().running()) {
            throw new VictimGone("The machine " + machine.name() + " does not run.");
        }
        return machine;
    }

    private static ActiveFault active(
            Fault fault,
            Target target,
            NodeStatus hit,
            Instant from,
            Instant to,
            Map<String, String> evidence,
            ActiveFault.Heal heal) {
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        Map.of(target.toString(), hit.member()),
                        from,
                        to,
                        evidence),
                heal);
    }

    private static String order(Machine machine, String script, String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 4];
        System.arraycopy(new String[] {"/bin/sh", "-c", script, "kernel"}, 0, command, 0, 4);
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        CommandResult result = machine.host().run(Command.of(LIMIT, command));
        if (!result.succeeded()) {
            throw new FaultNotMade("The machine " + machine.name() + " did not do what makes the fault: "
                    + result.errors().strip() + ".");
        }
        return result.output().strip();
    }
}
