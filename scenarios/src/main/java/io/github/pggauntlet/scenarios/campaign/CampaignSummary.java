package io.github.pggauntlet.scenarios.campaign;

import io.github.pggauntlet.harness.check.Ruling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of a campaign. The content of {@code summary.json}.
 *
 * @param command the command that runs it again
 * @param runs what came of each run, by number
 * @param environmentFailures how many runs the environment failed; nothing is said of the strategy by them
 */
public record CampaignSummary(List<String> command, List<RunDigest> runs, int environmentFailures) {

    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;

    public CampaignSummary {
        command = List.copyOf(command);
        runs = runs.stream().sorted(Comparator.comparingInt(RunDigest::number)).toList();
    }

    /** The ruling on all runs together; vacuous if there are none. */
    public Ruling verdict() {
        return Ruling.all(runs.stream().map(RunDigest::verdict).map(Ruling::of).toList());
    }

    /** How many faults were made. */
    public int faults() {
        return runs.stream().mapToInt(RunDigest::faultsMade).sum();
    }

    /** How many acknowledged writes were lost. */
    public long lost() {
        return runs.stream().mapToLong(RunDigest::lost).sum();
    }

    /**
     * Several parts of one campaign together.
     *
     * @throws IllegalArgumentException if there are none, they are of different campaigns, or two have the same run
     */
    public static CampaignSummary merge(List<CampaignSummary> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("There is no summary to merge; name the folders of campaigns.");
        }
        List<String> command = parts.get(0).command();
        List<RunDigest> runs = new ArrayList<>();
        int failures = 0;
        for (CampaignSummary part : parts) {
            if (!part.command().equals(command)) {
                throw new IllegalArgumentException("These are not parts of one campaign: '" + String.join(" ", command)
                        + "' and '" + String.join(" ", part.command()) + "'.");
            }
            runs.addAll(part.runs());
            failures += part.environmentFailures();
        }
        long different = runs.stream().mapToInt(RunDigest::number).distinct().count();
        if (different != runs.size()) {
            throw new IllegalArgumentException("Two of these have the same run; each shard is merged once.");
        }
        return new CampaignSummary(command, runs, failures);
    }

    /** The same as Markdown. */
    public String markdown() {
        StringBuilder text = new StringBuilder("# Campaign: " + verdict().id() + "\n\n```sh\n"
                + String.join(" ", command) + "\n```\n\n| | |\n|---|---|\n");
        totals().forEach((name, value) ->
                text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        text.append("\n| fault | how often |\n|---|---|\n");
        byKind().forEach((kind, count) ->
                text.append("| ").append(kind).append(" | ").append(count).append(" |\n"));
        List<RunDigest> others = runs.stream()
                .filter(run -> !run.verdict().equals(Ruling.KEPT.id()))
                .toList();
        if (!others.isEmpty()) {
            text.append("\n| run | seed | verdict | why |\n|---|---|---|---|\n");
            others.forEach(run -> text.append("| ")
                    .append(run.folder())
                    .append(" | ")
                    .append(run.seed())
                    .append(" | ")
                    .append(run.verdict())
                    .append(" | ")
                    .append(String.join(" ", run.why()).replace("|", "\\|"))
                    .append(" |\n"));
        }
        return text.toString();
    }

    /** The figures of all runs together, by their names. */
    private Map<String, String> totals() {
        Map<String, String> totals = new java.util.LinkedHashMap<>();
        totals.put("runs", runs.size() + " (" + verdicts() + ")");
        totals.put("runs the environment failed", Integer.toString(environmentFailures));
        totals.put(
                "faults made",
                faults() + " (" + runs.stream().mapToInt(RunDigest::leftOut).sum() + " left out)");
        totals.put(
                "failovers",
                Integer.toString(runs.stream().mapToInt(RunDigest::failovers).sum()));
        totals.put("rejoins", rejoins());
        totals.put(
                "acknowledged writes",
                Long.toString(runs.stream().mapToLong(RunDigest::acknowledged).sum()));
        totals.put("lost", Long.toString(lost()));
        totals.put(
                "most writers at once",
                Integer.toString(
                        runs.stream().mapToInt(RunDigest::writersMax).max().orElse(0)));
        List<Double> outages =
                runs.stream().flatMap(run -> run.outageMillis().stream()).toList();
        totals.put("outage of a failover, p50", millis(quantile(outages, HALF)));
        totals.put("outage of a failover, p99", millis(quantile(outages, NEARLY_ALL)));
        List<Double> whole =
                runs.stream().flatMap(run -> run.wholeMillis().stream()).toList();
        totals.put("from the last heal to full redundancy, p50", millis(quantile(whole, HALF)));
        totals.put("from the last heal to full redundancy, longest", millis(quantile(whole, 1)));
        return totals;
    }

    private String verdicts() {
        return count(runs.stream().map(RunDigest::verdict).toList()).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static SortedMap<String, Integer> count(List<String> words) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        words.forEach(word -> counts.merge(word, 1, Integer::sum));
        return counts;
    }

    private String rejoins() {
        SortedMap<String, Integer> ways = new TreeMap<>();
        runs.forEach(run -> run.rejoins().forEach((way, number) -> ways.merge(way, number, Integer::sum)));
        return ways.entrySet().stream()
                .map(entry -> entry.getValue() + " by " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private SortedMap<String, Integer> byKind() {
        SortedMap<String, Integer> kinds = new TreeMap<>();
        runs.forEach(run -> run.faults().forEach((kind, number) -> kinds.merge(kind, number, Integer::sum)));
        return kinds;
    }

    /** The smallest value that at least {@code share} of the values do not exceed (nearest rank). */
    static OptionalDouble quantile(List<Double> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return OptionalDouble.of(sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]);
    }

    private static String millis(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.0f ms", value.getAsDouble()) : "none";
    }
}
