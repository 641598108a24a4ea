package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Faults of a machine and of the processes on it. */
final class MachineFaults {

    private static final Duration KILL = Duration.ofSeconds(10);

    /**
     * Kills a postmaster and sees it gone, all in one command, because each costs tens of milliseconds. It prints the
     * wall clock before the kill, after it, and once the process is gone or a zombie. A process that is not a postmaster
     * is left alone: between the status and the kill the id may have passed to another.
     */
    private static final String KILL_POSTMASTER = """
            pid=$1
            name=$(cat "/proc/$pid/comm" 2>/dev/null) || { echo "there is no process $pid" >&2; exit 3; }
            [ "$name" = postgres ] || { echo "process $pid is $name" >&2; exit 3; }
            before=$(date +%s%N)
            kill -s KILL "$pid" || exit 3
            after=$(date +%s%N)
            patience=500
            while read -r stat <"/proc/$pid/stat" 2>/dev/null; do
              state=${stat##*) }
              case $state in Z* | X*) break ;; esac
              patience=$((patience - 1))
              [ "$patience" -gt 0 ] || { echo "process $pid did not go; it is in state $state" >&2; exit 4; }
              sleep 0.01
            done
            echo "$before" "$after" "$(date +%s%N)"
            """;

    private static final long NANOS = 1_000_000_000L;

    private final TestCluster cluster;
    private final Targets targets;

    MachineFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    ActiveFault killPostmaster(Fault.KillPostmaster fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        long pid = hit.postmasterPid()
                .orElseThrow(() -> new FaultNotMade(
                        "No postmaster runs on " + hit.member() + " that could be killed; it is " + hit.role() + "."));
        Machine machine = cluster.machine(hit.member());
        CommandResult killed = machine.host()
                .run(Command.of(KILL, "/bin/sh", "-c", KILL_POSTMASTER, "kill-postmaster", Long.toString(pid)));
        if (!killed.succeeded()) {
            throw new FaultNotMade("The postmaster of " + hit.member() + " was not killed: "
                    + killed.errors().strip() + ".");
        }
        List<Instant> instants = instants(killed);
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        instants.get(0),
                        instants.get(1),
                        Map.of(
                                "postmaster", Long.toString(pid),
                                "role", hit.role().name(),
                                "gone", instants.get(2).toString())),
                () -> Map.of("healed by", "the strategy, which starts PostgreSQL again"));
    }

    private static List<Instant> instants(CommandResult killed) {
        String[] words = killed.output().strip().split(" ", -1);
        if (words.length != 3) {
            throw new FaultNotMade("The kill of a postmaster was not reported as expected: " + killed.describe());
        }
        try {
            return List.of(words).stream()
                    .map(Long::parseLong)
                    .map(nanos -> Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS))
                    .toList();
        } catch (NumberFormatException e) {
            throw new FaultNotMade("The kill of a postmaster was not reported as expected: " + killed.describe(), e);
        }
    }

    ActiveFault killHost(Fault.KillHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Instant from = Instant.now();
        Machine.State state = machine.kill();
        Instant to = Instant.now();
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        evidence(hit, state)),
                () -> start(machine));
    }

    ActiveFault stopHost(Fault.StopHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Instant from = Instant.now();
        Machine.State state = machine.stop(fault.limit());
        Instant to = Instant.now();
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        evidence(hit, state)),
                () -> start(machine));
    }

    private static void requireRunning(Machine machine) throws InterruptedException {
        Machine.State state = machine.state();
        if (!state.running() || state.paused()) {
            throw new FaultNotMade("The machine " + machine.name() + " does not run; it is " + state.status() + ".");
        }
    }

    private static Map<String, String> evidence(NodeStatus hit, Machine.State state) {
        return Map.of(
                "role", hit.role().name(),
                "machine", state.status(),
                "exit status", Long.toString(state.exitStatus()),
                "ended", state.finishedAt().toString());
    }

    private static Map<String, String> start(Machine machine) throws InterruptedException {
        try {
            Machine.State before = machine.state();
            // Somebody else may have started it, or an attempt before this one may have failed after its start.
            Machine.State state = before.running() ? before : machine.start();
            return Map.of(
                    "machine", state.status(), "started", state.startedAt().toString());
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The machine " + machine.name() + " was not started again: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> resolved(Target target, NodeStatus hit) {
        return Map.of(target.toString(), hit.member());
    }
}
