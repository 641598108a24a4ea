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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Faults of single processes, made by signals. */
final class ProcessFaults {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /**
     * Finds processes, sends them a signal and sees its effect, all in one command, because each costs tens of milliseconds. It
     * prints the wall clock before the signal and after it, then the process ids. A process that is not PostgreSQL's is left
     * alone where PostgreSQL's is meant: between the status and the signal the id may have passed to another.
     */
    private static final String SIGNAL = """
            kind=$1 postmaster=$2 signal=$3
            children() { ps -o pid=,args= --ppid "$postmaster"; }
            first() { children | grep -E "$1" | grep -vE "$2" | head -n 1 | while read -r pid rest; do echo "$pid"; done; }
            state() {
              stat=$(cat "/proc/$1/stat" 2>/dev/null) || { echo gone; return; }
              stat=${stat##*) }
              case $stat in Z* | X*) echo gone ;; T* | t*) echo stopped ;; *) echo running ;; esac
            }
            fail() { echo "$1" >&2; exit 3; }
            send() { for pid in $1; do kill -s "$signal" "$pid" 2>/dev/null; done; }

            if [ "$kind" != AGENT ]; then
              name=$(cat "/proc/$postmaster/comm" 2>/dev/null) || fail "there is no process $postmaster"
              [ "$name" = postgres ] || fail "process $postmaster is $name"
            fi
            case $kind in
              POSTMASTER | POSTGRES) pids=$postmaster ;;
              BACKEND) pids=$(first ' postgres: .*[0-9][(][0-9]+[)]' 'walsender|127[.]0[.]0[.]1[(]') ;;
              WAL_RECEIVER) pids=$(first ' postgres: .*walreceiver' '^$') ;;
              WAL_SENDER) pids=$(first ' postgres: .*walsender' '^$') ;;
              AGENT)
                # A strategy may have other services beside its agent.
                pids=$(cat /etc/service/gauntlet-agent/supervise/pid 2>/dev/null) ||
                  pids=$(cat /etc/service/*/supervise/pid 2>/dev/null)
                ;;
            esac
            [ -n "$pids" ] || fail "there is no such process"
            before=$(date +%s%N)
            send "$pids"
            if [ "$kind" = POSTGRES ]; then
              # Only now: a postmaster that is stopped starts no more of them.
              more=$(children | while read -r pid rest; do echo "$pid"; done)
              send "$more"
              pids="$pids $more"
            fi
            after=$(date +%s%N)
            if [ "$signal" = KILL ]; then wanted=gone; else wanted=stopped; fi
            patience=500
            for pid in $pids; do
              until seen=$(state "$pid"); [ "$seen" = "$wanted" ] || [ "$seen" = gone ]; do
                patience=$((patience - 1))
                [ "$patience" -gt 0 ] || { echo "process $pid is $seen and not $wanted" >&2; exit 4; }
                sleep 0.01
              done
            done
            [ "$(state "${pids%% *}")" = "$wanted" ] || fail "the process is gone and was not $wanted"
            echo "$before" "$after"
            echo $pids
            """;

    /** Lets stopped processes go on, and tells what each is afterwards. */
    private static final String GO_ON = """
            for pid in "$@"; do
              kill -s CONT "$pid" 2>/dev/null
            done
            patience=200
            for pid in "$@"; do
              while stat=$(cat "/proc/$pid/stat" 2>/dev/null); do
                stat=${stat##*) }
                case $stat in T* | t*) ;; *) break ;; esac
                patience=$((patience - 1))
                [ "$patience" -gt 0 ] || { echo "process $pid is still stopped" >&2; exit 4; }
                sleep 0.01
              done
              if [ -e "/proc/$pid" ]; then echo "$pid goes on"; else echo "$pid is gone"; fi
            done
            """;

    /** How the script says that there is no such process, or none any more. */
    private static final int GONE = 3;

    private static final long NANOS = 1_000_000_000L;

    private final TestCluster cluster;
    private final Targets targets;

    ProcessFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    ActiveFault killPostmaster(Fault.KillPostmaster fault) throws InterruptedException {
        return kill(fault, fault.target(), ProcessFault.Kind.POSTMASTER);
    }

    ActiveFault kill(ProcessFault.KillProcess fault) throws InterruptedException {
        return kill(fault, fault.target(), fault.process());
    }

    private ActiveFault kill(Fault fault, Target target, ProcessFault.Kind kind) throws InterruptedException {
        NodeStatus hit = targets.resolve(target);
        Signalled signalled = signal(hit, kind, "KILL", "killed");
        return new ActiveFault(
                made(fault, target, hit, signalled),
                () -> Map.of("healed by", "the strategy, which starts again what is gone"));
    }

    ActiveFault freeze(ProcessFault.FreezeProcess fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Signalled signalled = signal(hit, fault.process(), "STOP", "frozen");
        return new ActiveFault(
                made(fault, fault.target(), hit, signalled),
                () -> goOn(cluster.machine(hit.member()), signalled.processes()));
    }

    private record Signalled(Instant before, Instant after, List<String> processes) {}

    private Signalled signal(NodeStatus hit, ProcessFault.Kind kind, String signal, String what)
            throws InterruptedException {
        boolean agent = kind == ProcessFault.Kind.AGENT;
        if (!agent && hit.postmasterPid().isEmpty()) {
            throw new VictimGone(
                    "No postmaster runs on " + hit.member() + " that could be hit; it is " + hit.role() + ".");
        }
        String postmaster = hit.postmasterPid().isPresent()
                ? Long.toString(hit.postmasterPid().getAsLong())
                : "-";
        CommandResult result = cluster.machine(hit.member())
                .host()
                .run(Command.of(LIMIT, "/bin/sh", "-c", SIGNAL, "signal", kind.name(), postmaster, signal));
        if (result.status() == GONE) {
            throw new VictimGone("It was not seen that " + kind + " of " + hit.member() + " was " + what + ": "
                    + result.errors().strip() + ".");
        }
        if (!result.succeeded()) {
            throw new FaultNotMade("It was not seen that " + kind + " of " + hit.member() + " was " + what + ": "
                    + result.errors().strip() + ".");
        }
        return read(result);
    }

    private static Signalled read(CommandResult result) {
        List<String> lines = result.output().lines().toList();
        try {
            List<Instant> instants = Stream.of(lines.get(0).split(" ", -1))
                    .map(Long::parseLong)
                    .map(nanos -> Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS))
                    .toList();
            return new Signalled(
                    instants.get(0), instants.get(1), List.of(lines.get(1).split(" ", -1)));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new FaultNotMade("A signal was not reported as expected: " + result.describe(), e);
        }
    }

    private static Made made(Fault fault, Target target, NodeStatus hit, Signalled signalled) {
        return new Made(
                fault,
                Targets.judgedAs(fault, hit),
                Map.of(target.toString(), hit.member()),
                signalled.before(),
                signalled.after(),
                Map.of(
                        "processes",
                        String.join(" ", signalled.processes()),
                        "role",
                        hit.role().name()));
    }

    private static Map<String, String> goOn(Machine machine, List<String> processes) throws InterruptedException {
        try {
            Machine.State state = machine.state();
            if (!state.running()) {
                return Map.of("machine", state.status(), "processes", "ended with it");
            }
            List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GO_ON, "go-on"));
            command.addAll(processes);
            CommandResult result =
                    machine.host().run(new Command(command, Map.of(), LIMIT)).orFail();
            return Map.of("processes", result.output().strip().replace("\n", ", "));
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade(
                    "The processes " + processes + " of " + machine.name() + " were not seen to go on: "
                            + e.getMessage(),
                    e);
        }
    }
}
