package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an agent takes of a machine while nobody works with the cluster: memory, and time of a processor. With the durations
 * that are meant for production, and with the quick ones that chaos runs use; beside it the server that the agent looks
 * after.
 */
public final class FootprintBenchmark implements Benchmark {

    private static final double MOST_MEGABYTES = 100;
    private static final double MOST_PERCENT = 2;
    private static final double KILO = 1024;
    private static final double TICKS_A_SECOND = 100;

    /** Until then much of the time goes into compiling what runs often. */
    private static final Duration WARM_UP = Duration.ofSeconds(60);

    /** A processor's time is counted in hundredths of a second. */
    private static final Duration SHORTEST = Duration.ofSeconds(30);

    private static final Duration SLACK = Duration.ofSeconds(30);

    /** Prints for the agent and for all of PostgreSQL's processes: kilobytes, ticks before, ticks after. */
    private static final String LOOK = """
            ticks() { cut -d ' ' -f 14,15 "/proc/$1/stat" 2>/dev/null | tr ' ' '+' | grep . || echo 0; }
            named() { for p in /proc/[0-9]*; do
                tr '\\0' ' ' <"$p/cmdline" 2>/dev/null | grep -Eq "$1" && echo "${p#/proc/}"; done; }
            sum() { total=0; for p in $1; do total=$((total + $(ticks "$p"))); done; echo "$total"; }
            memory() { for p in $1; do sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' "/proc/$p/status"; done | sort -n | tail -n 1; }
            agent=$(named '^java '); server=$(named '^postgres: |/postgres ')
            a=$(sum "$agent"); s=$(sum "$server")
            sleep "$1"
            echo "agent $(memory "$agent") $(($(sum "$agent") - a))"
            echo "server $(memory "$server") $(($(sum "$server") - s))"
            """;

    private final Images images;
    private final HaStrategy strategy;
    private final BenchSettings settings;

    /** Measures agents of a strategy. */
    public FootprintBenchmark(Images images, HaStrategy strategy, BenchSettings settings) {
        this.images = images;
        this.strategy = strategy;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "footprint";
    }

    /** What a process, or several, took. */
    private record Share(double megabytes, double percent) {}

    @Override
    public void run(PrintWriter out, PrintWriter progress) throws InterruptedException {
        Map<String, Timings> kinds = new LinkedHashMap<>();
        kinds.put("production timings", Timings.production());
        kinds.put("quick timings", Timings.quick());
        Map<String, Map<String, Share>> seen = new LinkedHashMap<>();
        for (Map.Entry<String, Timings> kind : kinds.entrySet()) {
            progress.println("footprint: a cluster with " + kind.getKey());
            progress.flush();
            try (BenchCluster cluster = BenchCluster.build(images, strategy, settings.postgres(), kind.getValue())) {
                // Time is what is awaited here, and nothing else.
                Thread.sleep(WARM_UP.toMillis());
                for (String member : cluster.machines().members()) {
                    seen.put(kind.getKey() + ", " + member, look(cluster, member));
                }
            }
        }
        print(out, seen);
    }

    private Map<String, Share> look(BenchCluster cluster, String member) throws InterruptedException {
        Duration span = settings.span().compareTo(SHORTEST) > 0 ? settings.span() : SHORTEST;
        long seconds = span.toSeconds();
        CommandResult result = cluster.machines()
                .machine(member)
                .host()
                .run(Command.of(settings.span().plus(SLACK), "sh", "-c", LOOK, "footprint", Long.toString(seconds)));
        Map<String, Share> shares = new LinkedHashMap<>();
        for (String line : result.orFail().output().lines().toList()) {
            String[] words = line.split(" ");
            shares.put(
                    words[0],
                    new Share(
                            Double.parseDouble(words[1]) / KILO,
                            Double.parseDouble(words[2]) / TICKS_A_SECOND / seconds * 100));
        }
        if (!shares.keySet().containsAll(List.of("agent", "server"))) {
            throw new EnvironmentException("What runs on " + member + " could not be looked at: " + result.output());
        }
        return shares;
    }

    private void print(PrintWriter out, Map<String, Map<String, Share>> seen) {
        out.println();
        out.println(
                "footprint: an agent of '" + strategy.name() + "' while the cluster is idle, and PostgreSQL beside it");
        out.println(
                String.format(Locale.ROOT, "  %-36s%14s%14s%18s", "", "agent, RSS", "agent, CPU", "PostgreSQL, CPU"));
        seen.forEach((where, shares) -> out.println(String.format(
                Locale.ROOT,
                "  %-36s%11.0f MB%12.1f %%%16.1f %%",
                where,
                share(shares, "agent").megabytes(),
                share(shares, "agent").percent(),
                share(shares, "server").percent())));
        double megabytes = seen.values().stream()
                .mapToDouble(shares -> share(shares, "agent").megabytes())
                .max()
                .orElse(0);
        double percent = seen.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("production"))
                .mapToDouble(entry -> share(entry.getValue(), "agent").percent())
                .max()
                .orElse(0);
        out.println("  aim: at most 100 MB: " + (megabytes <= MOST_MEGABYTES ? "met" : "missed"));
        out.println("  aim: at most 2 % of a core with production timings: "
                + (percent <= MOST_PERCENT ? "met" : "missed"));
        out.flush();
    }

    private static Share share(Map<String, Share> shares, String whose) {
        return shares.getOrDefault(whose, new Share(0, 0));
    }
}
