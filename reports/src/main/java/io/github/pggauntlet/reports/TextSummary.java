package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run in a dozen lines for a terminal. Immutable and safe for use by several threads. */
public final class TextSummary {

    /** More outages than this are summed up by their percentiles alone. */
    private static final int MOST_OUTAGES = 5;

    /**
     * The lines, each with its end.
     *
     * @param model the run
     * @param report where the page is, if there is one
     */
    public String render(ReportModel model, Optional<Path> report) {
        Optional<Ruling> ruling = model.verdict().map(Verdict::verdict);
        List<String> lines = new ArrayList<>();
        lines.add(Format.mark(ruling) + " " + Format.word(ruling).toUpperCase(Locale.ROOT) + "  "
                + Format.meaning(ruling));
        List<Finding> promises = model.verdict().map(Verdict::promises).orElse(List.of());
        int width = promises.stream()
                .mapToInt(finding -> finding.promise().length())
                .max()
                .orElse(0);
        for (Finding finding : promises) {
            Optional<Ruling> outcome = Optional.of(finding.outcome());
            lines.add("  " + Format.mark(outcome) + " " + padded(finding.promise(), width) + "  "
                    + padded(Format.word(outcome), 12) + "  " + finding.sentence());
        }
        lines.add("  writes    " + counts(model));
        model.verdict()
                .ifPresent(verdict -> lines.add("  cluster   "
                        + Format.count(verdict.failovers(), "failover", "failovers") + ", rejoins: "
                        + Format.ways(verdict.rejoins()) + "; at most "
                        + Format.count(verdict.writersMax(), "writer", "writers")
                        + " at once"));
        lines.addAll(outages(model));
        model.notices().forEach(notice -> lines.add("  note      " + notice));
        report.ifPresent(path -> lines.add("  report    " + path));
        return lines.stream().map(TextSummary::plain).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String counts(ReportModel model) {
        return Format.count(model.counts().acknowledged()) + " acknowledged, "
                + Format.count(model.counts().unknown()) + " unknown, "
                + Format.count(model.counts().failed()) + " failed"
                + model.verdict()
                        .map(verdict -> ", " + Format.count(verdict.lost()) + " lost")
                        .orElse("");
    }

    private static List<String> outages(ReportModel model) {
        List<String> lines = new ArrayList<>();
        model.verdict().filter(verdict -> !verdict.outages().isEmpty()).ifPresent(verdict -> {
            lines.add("  outages   p50 " + Format.millis(verdict.outageMillis(0.5)) + ", p99 "
                    + Format.millis(verdict.outageMillis(0.99)));
            if (verdict.outages().size() <= MOST_OUTAGES) {
                verdict.outages().forEach(outage -> lines.add("            " + outage(outage)));
            }
        });
        return lines;
    }

    private static String outage(Outage outage) {
        return Format.duration(outage.nanos()) + "  " + outage.fromNode() + " → " + outage.toNode() + "  "
                + outage.parts().entrySet().stream().map(TextSummary::part).collect(Collectors.joining(", "));
    }

    private static String part(Map.Entry<Outage.Part, Long> part) {
        return part.getKey().id() + " " + Format.duration(part.getValue());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** A terminal obeys control characters, and a run's texts come from servers: none of them gets through. */
    private static String plain(String line) {
        return line.replaceAll("\\p{Cntrl}", " ");
    }
}
