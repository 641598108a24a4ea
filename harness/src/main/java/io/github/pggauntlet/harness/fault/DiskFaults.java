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

/** Faults of what lies on a machine's disk. */
final class DiskFaults {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String VOLUME = "/var/lib/gauntlet";
    private static final String BALLAST = VOLUME + "/.ballast";

    /** The file grows until nothing more fits; a small file beside it then shows that nothing does. */
    private static final String FILL = """
            volume=$1 ballast=$2
            cat /dev/zero >>"$ballast" 2>/dev/null
            if head -c 8192 /dev/zero >"$ballast.more" 2>/dev/null; then
              rm -f "$ballast" "$ballast.more"
              echo "8 kB still fit on the volume" >&2
              exit 4
            fi
            rm -f "$ballast.more"
            df -B1 --output=size,avail "$volume" | tail -n 1
            """;

    private static final String EMPTY = """
            volume=$1 ballast=$2
            rm -f "$ballast" "$ballast.more"
            df -B1 --output=size,avail "$volume" | tail -n 1
            """;

    /** The segment written last is the one with the youngest content; those recycled for later have greater names. */
    private static final String REMOVE_WAL = """
            cd "$1/pg_wal" || exit 3
            segments() { ls "$@" | grep -E '^[0-9A-F]{24}$'; }
            current=$(segments -t | head -n 1)
            for segment in $(segments); do
              if expr "$segment" '<' "$current" >/dev/null; then
                rm -f "$segment" && echo "$segment"
              fi
            done >/tmp/removed-wal
            [ -s /tmp/removed-wal ] || { echo "it keeps no segment but $current, which it writes" >&2; exit 3; }
            while read -r segment; do
              [ ! -e "$segment" ] || { echo "the segment $segment is still there" >&2; exit 4; }
            done </tmp/removed-wal
            tr '\\n' ' ' </tmp/removed-wal
            """;

    /** A user's table has an oid from 16384 on. */
    private static final String DAMAGE_PAGE = """
            cd "$1/base" || exit 3
            file=$(find . -regex '[.]/[0-9]+/[0-9]+' -size +15k -printf '%s %p\\n' | sort -rn |
              while read -r size path; do
                if [ "${path##*/}" -ge 16384 ]; then echo "$path"; break; fi
              done)
            [ -n "$file" ] || { echo "there is no table of two pages or more" >&2; exit 3; }
            before=$(dd if="$file" bs=512 skip=8 count=1 status=none | cksum)
            dd if=/dev/urandom of="$file" bs=512 seek=8 count=1 conv=notrunc,fsync status=none || exit 4
            after=$(dd if="$file" bs=512 skip=8 count=1 status=none | cksum)
            [ "$before" != "$after" ] || { echo "the page is as it was" >&2; exit 4; }
            echo "base/${file#./}, page 0"
            """;

    /** Moved first, so that nothing new comes into it and it is gone at once. */
    private static final String REMOVE_DATA = """
            data=$1 postmaster=$2
            [ -e "$data/PG_VERSION" ] || { echo "there is no data directory" >&2; exit 3; }
            mv -T "$data" "$data.removed" || exit 4
            [ ! -e "$data" ] || { echo "the data directory is still there" >&2; exit 4; }
            if [ "$(cat "/proc/$postmaster/comm" 2>/dev/null)" = postgres ]; then kill -s KILL "$postmaster"; fi
            rm -rf "$data.removed"
            echo "removed $data"
            """;

    private static final String BY_THE_STRATEGY =
            "nobody: what is gone is gone, and to do without it is the strategy's";

    private final TestCluster cluster;
    private final Targets targets;

    DiskFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    ActiveFault fill(DiskFault.FillDisk fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        if (!machine.hasLimitedVolume()) {
            throw new FaultNotMade("The data volume of " + hit.member()
                    + " is as large as the engine's own disk and is not filled; give the machines volumes of a size.");
        }
        return new ActiveFault(
                make(fault, hit, FILL, VOLUME, BALLAST), () -> Map.of("bytes of the volume, and free", empty(machine)));
    }

    private static String empty(Machine machine) throws InterruptedException {
        try {
            if (!machine.state().running()) {
                // The ballast lies on the disk of a machine that is down: it has to boot for it to go.
                machine.start();
            }
            return run(machine, EMPTY, VOLUME, BALLAST).orFail().output().strip();
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The data volume of " + machine.name() + " was not emptied: " + e.getMessage(), e);
        }
    }

    ActiveFault removeWal(DiskFault.RemoveWal fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        return lasting(make(fault, hit, REMOVE_WAL, data()));
    }

    ActiveFault damagePage(DiskFault.DamagePage fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        return lasting(make(fault, hit, DAMAGE_PAGE, data()));
    }

    ActiveFault removeData(DiskFault.RemoveData fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        String postmaster = hit.postmasterPid().isPresent()
                ? Long.toString(hit.postmasterPid().getAsLong())
                : "-";
        return lasting(make(fault, hit, REMOVE_DATA, data(), postmaster));
    }

    private static String data() {
        return new PostgresLayout(VOLUME).data();
    }

    private static ActiveFault lasting(Made made) {
        return new ActiveFault(made, () -> Map.of("healed by", BY_THE_STRATEGY));
    }

    private Made make(DiskFault fault, NodeStatus hit, String script, String... arguments) throws InterruptedException {
        Instant from = Instant.now();
        CommandResult result = run(cluster.machine(hit.member()), script, arguments);
        Instant to = Instant.now();
        if (!result.succeeded()) {
            throw new FaultNotMade("It was not seen that " + fault + " (" + hit.member() + "): "
                    + result.errors().strip() + ".");
        }
        return new Made(
                fault,
                Targets.judgedAs(fault, hit),
                Map.of(fault.target().toString(), hit.member()),
                from,
                to,
                Map.of("role", hit.role().name(), "seen", result.output().strip()));
    }

    private static CommandResult run(Machine machine, String script, String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 4];
        System.arraycopy(new String[] {"/bin/sh", "-c", script, "disk"}, 0, command, 0, 4);
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return machine.host().run(Command.of(LIMIT, command));
    }
}
