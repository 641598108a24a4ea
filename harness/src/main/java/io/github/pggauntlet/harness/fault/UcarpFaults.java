package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Heal;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes those {@link AddressFault}s that hit a machine's ucarp, its script, its clock, the interface or the address on it. */
final class UcarpFaults {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Kills every ucarp there is and prints the wall clock before and after, and its process id. */
    private static final String KILL = """
            pid=$(pidof ucarp) || { echo "no ucarp runs" >&2; exit 3; }
            before=$(date +%s%N)
            kill -s KILL $pid || exit 3
            patience=500
            while [ "$(pidof ucarp)" = "$pid" ]; do
              patience=$((patience - 1))
              [ "$patience" -gt 0 ] || { echo "ucarp $pid did not go" >&2; exit 4; }
              sleep 0.01
            done
            echo "$before" "$(date +%s%N)" "ucarp $pid"
            """;

    private static final String FREEZE = """
            pid=$(pidof ucarp) || { echo "no ucarp runs" >&2; exit 3; }
            before=$(date +%s%N)
            kill -s STOP $pid || exit 3
            patience=500
            until grep -q '^State:.T' "/proc/$pid/status"; do
              patience=$((patience - 1))
              [ "$patience" -gt 0 ] || { echo "ucarp $pid did not stop" >&2; exit 4; }
              sleep 0.01
            done
            echo "$before" "$(date +%s%N)" "$pid"
            """;

    /** Argument: the process. */
    private static final String THAW = """
            kill -s CONT "$1" 2>/dev/null || { echo "ucarp $1 is gone"; exit 0; }
            patience=500
            while grep -q '^State:.T' "/proc/$1/status" 2>/dev/null; do
              patience=$((patience - 1))
              [ "$patience" -gt 0 ] || { echo "ucarp $1 is still stopped" >&2; exit 4; }
              sleep 0.01
            done
            echo "ucarp $1 goes on"
            """;

    /** Argument: how much longer the script takes, in seconds. Which script it is, ucarp's own command line says. */
    private static final String SLOW = """
            pid=$(pidof ucarp) || { echo "no ucarp runs" >&2; exit 3; }
            before=$(date +%s%N)
            script=$(tr '\\0' '\\n' <"/proc/$pid/cmdline" | sed -n 's/^--upscript=//p')
            [ -x "$script" ] || { echo "ucarp $pid has no up-script" >&2; exit 3; }
            [ ! -e "$script.quick" ] || { echo "$script is slow already" >&2; exit 3; }
            rm -f "$script.calls"
            cat >"$script.slow" <<END
            #!/bin/sh
            echo begun >>"$script.calls"
            sleep $1
            exec "$script.quick" "\\$@"
            END
            chmod 0755 "$script.slow"
            mv "$script" "$script.quick" && mv "$script.slow" "$script" || exit 3
            echo "$before" "$(date +%s%N)" "$script"
            """;

    /** Argument: the script. */
    private static final String QUICK = """
            [ ! -e "$1.quick" ] || mv -f "$1.quick" "$1" || exit 3
            ! grep -q "$1.calls" "$1" || { echo "$1 is still slow" >&2; exit 4; }
            calls=$(grep -c begun "$1.calls" 2>/dev/null)
            echo "$1 was slow ${calls:-0} times"
            """;

    /**
     * Argument: the seconds. ucarp is started anew with libfaketime before it, once; the step itself is made in a file that
     * libfaketime reads whenever ucarp looks at its clock. Only ucarp: its scripts keep the machine's clock.
     */
    private static final String STEP = """
            pid=$(pidof ucarp) || { echo "no ucarp runs" >&2; exit 3; }
            library=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null) ||
              { echo "there is no libfaketime; run docker/prepare" >&2; exit 3; }
            program=$(readlink "/proc/$pid/exe")
            offset=/run/gauntlet-ucarp-clock
            wrapper=/usr/local/sbin/ucarp
            had=0
            read -r had <"$offset" 2>/dev/null
            if ! grep -q libfaketime "/proc/$pid/maps"; then
              echo +0 >"$offset"
              cat >"$wrapper" <<END
            #!/bin/sh
            export LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$offset FAKETIME_NO_CACHE=1 FAKETIME_ONLY_CMDS=ucarp
            export FAKETIME_DONT_FAKE_MONOTONIC=1
            exec $program "\\$@"
            END
              chmod 0755 "$wrapper"
              kill "$pid"
              patience=1000
              until now=$(pidof ucarp) && [ "$now" != "$pid" ] && grep -q libfaketime "/proc/$now/maps"; do
                patience=$((patience - 1))
                [ "$patience" -gt 0 ] || { echo "ucarp did not come back with a clock of its own" >&2; exit 4; }
                sleep 0.01
              done
              # Until it has heard the master once or twice.
              sleep 3
            fi
            before=$(date +%s%N)
            echo "+$((${had#+} + $1))" >"$offset.new" && mv -f "$offset.new" "$offset" || exit 3
            echo "$before" "$(date +%s%N)" "$(pidof ucarp) is at $(cat "$offset") s"
            """;

    private static final String DEVICE = """
            device=$(ip -o -4 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')
            [ -n "$device" ] || { echo "no interface leads out" >&2; exit 3; }
            """;

    /** Prints the interface and the route that goes with its link. */
    private static final String DOWN = DEVICE + """
            route=$(ip -4 route show default)
            before=$(date +%s%N)
            ip link set "$device" down || exit 3
            [ -z "$(ip -o link show dev "$device" up)" ] || { echo "$device is still up" >&2; exit 4; }
            echo "$before" "$(date +%s%N)" "$device $route"
            """;

    /** Arguments: the interface, and the words of the route that went with its link. */
    private static final String UP = """
            device=$1
            shift
            ip link set "$device" up || exit 3
            ip -4 route replace "$@" || exit 3
            ip -4 route show default
            """;

    /** Argument: the virtual address. */
    private static final String TAKE = DEVICE + """
            before=$(date +%s%N)
            ip address del "$1/32" dev "$device" || exit 3
            echo "$before" "$(date +%s%N)" "$1 is off $device"
            """;

    /** Argument: the virtual address. */
    private static final String STRAY = DEVICE + """
            before=$(date +%s%N)
            ip address add "$1/32" dev "$device" || exit 3
            after=$(date +%s%N)
            arping -q -U -c 1 -I "$device" "$1" || exit 3
            echo "$before" "$after" "$1 is on $device"
            """;

    private static final long NANOS = 1_000_000_000L;
    private static final String BY_STRATEGY = "healed by";

    private final TestCluster cluster;
    private final Targets targets;

    UcarpFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    ActiveFault kill(AddressFault.KillUcarp fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Seen seen = run(fault, hit, KILL);
        return active(
                fault,
                Targets.judgedAs(fault, hit),
                fault.target(),
                hit,
                seen,
                () -> Map.of(BY_STRATEGY, "the strategy"));
    }

    ActiveFault freeze(AddressFault.FreezeUcarp fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Seen seen = run(fault, hit, FREEZE);
        return active(fault, fault.target(), hit, seen, () -> heal(fault, hit, THAW, seen.words()));
    }

    ActiveFault slowScript(AddressFault.SlowUpScript fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Seen seen = run(fault, hit, SLOW, Double.toString(fault.delay().toMillis() / 1000.0));
        return active(fault, fault.target(), hit, seen, () -> heal(fault, hit, QUICK, seen.words()));
    }

    ActiveFault stepClock(AddressFault.StepUcarpClock fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        if (Targets.leads(hit)) {
            throw new FaultNotMade(hit.member() + " is " + hit.role()
                    + ": for a clock of its own its ucarp would be started anew, and give the address away.");
        }
        Seen seen = run(fault, hit, STEP, Long.toString(fault.step().toSeconds()));
        return active(
                fault, fault.target(), hit, seen, () -> Map.of(BY_STRATEGY, "nobody: a clock that was set stays set"));
    }

    ActiveFault loseCarrier(AddressFault.LoseCarrier fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Seen seen = run(fault, hit, DOWN);
        return active(
                fault,
                Targets.judgedAs(fault, hit),
                fault.target(),
                hit,
                seen,
                () -> heal(fault, hit, UP, seen.words()));
    }

    ActiveFault takeAddress(AddressFault.TakeAddress fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Seen seen = run(fault, hit, TAKE, address(hit.member()));
        return active(fault, fault.target(), hit, seen, () -> Map.of(BY_STRATEGY, "the strategy, which puts it back"));
    }

    ActiveFault strayAddress(AddressFault.StrayAddress fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Seen seen = run(fault, hit, STRAY, address(hit.member()));
        return active(fault, fault.target(), hit, seen, () -> Map.of(BY_STRATEGY, "the strategy, which takes it away"));
    }

    private String address(String member) {
        return cluster.routes()
                .find(member, Routes.ADDRESS, Service.POSTGRES)
                .map(Endpoint::host)
                .orElseThrow(() -> new FaultNotMade("This cluster has no virtual address."));
    }

    /** What a script has printed: when its effect had not yet happened, when it had, and what else it has to say. */
    private record Seen(Instant before, Instant after, List<String> words) {}

    private Seen run(Fault fault, NodeStatus hit, String script, String... arguments) throws InterruptedException {
        CommandResult result = cluster.machine(hit.member()).host().run(command(script, List.of(arguments)));
        List<String> words = List.of(result.output().strip().split("\\s+", -1));
        if (!result.succeeded() || words.size() < 3) {
            throw new FaultNotMade(
                    "On " + hit.member() + " it was not brought about that " + fault + ": " + result.describe());
        }
        return new Seen(instant(words.get(0)), instant(words.get(1)), words.subList(2, words.size()));
    }

    private static Command command(String script, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, "fault"));
        words.addAll(arguments);
        return new Command(words, Map.of(), LIMIT);
    }

    private static Instant instant(String nanos) {
        long all = Long.parseLong(nanos);
        return Instant.ofEpochSecond(all / NANOS, all % NANOS);
    }

    private static ActiveFault active(Fault fault, Target target, NodeStatus hit, Seen seen, Heal heal) {
        return active(fault, fault.faultClass(), target, hit, seen, heal);
    }

    private static ActiveFault active(
            Fault fault, FaultClass judgedAs, Target target, NodeStatus hit, Seen seen, Heal heal) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("role", hit.role().name());
        evidence.put("seen", String.join(" ", seen.words()));
        return new ActiveFault(
                new Made(
                        fault,
                        judgedAs,
                        Map.of(target.toString(), hit.member()),
                        seen.before(),
                        seen.after(),
                        evidence),
                heal);
    }

    private Map<String, String> heal(Fault fault, NodeStatus hit, String script, List<String> arguments)
            throws InterruptedException {
        Machine machine = cluster.machine(hit.member());
        if (!machine.state().running() && !(fault instanceof AddressFault.SlowUpScript)) {
            return Map.of(BY_STRATEGY, "the machine's end");
        }
        CommandResult result = machine.host().run(command(script, arguments));
        if (!result.succeeded()) {
            throw new FaultNotMade(
                    "On " + hit.member() + " it was not healed that " + fault + ": " + result.describe());
        }
        return Map.of("seen", result.output().strip().replaceAll("\\s+", " "));
    }
}
