package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A run in Markdown, as a build server shows it beside a job, for example in {@code $GITHUB_STEP_SUMMARY}. Immutable and
 * safe for use by several threads.
 */
public final class MarkdownSummary {

    /** The text, with an end to its last line. */
    public String render(ReportModel model) {
        Optional<Ruling> ruling = model.verdict().map(Verdict::verdict);
        List<String> lines = new ArrayList<>();
        lines.add("## " + Format.mark(ruling) + " " + Format.word(ruling) + ": " + text(Page.subject(model)));
        lines.add("");
        lines.add(text(Format.meaning(ruling)));
        lines.add("");
        model.verdict().ifPresent(verdict -> promises(verdict, lines));
        lines.add(row(List.of("acknowledged", "unknown", "failed", "lost", "failovers", "rejoins", "writers at once")));
        lines.add("|---:|---:|---:|---:|---:|---|---:|");
        lines.add(row(List.of(
                Format.count(model.counts().acknowledged()),
                Format.count(model.counts().unknown()),
                Format.count(model.counts().failed()),
                of(model, verdict -> Format.count(verdict.lost())),
                of(model, verdict -> Format.count(verdict.failovers())),
                of(model, verdict -> Format.ways(verdict.rejoins())),
                of(model, verdict -> Format.count(verdict.writersMax())))));
        lines.add("");
        if (!model.outages().isEmpty()) {
            outages(model, lines);
        }
        model.notices().forEach(notice -> lines.add("> " + text(notice) + "\n"));
        if (!model.plan().again().isEmpty()) {
            // An element, not a block by indentation: in this one nothing is markup.
            lines.add("<pre>" + html(oneLine(model.plan().again())) + "</pre>");
        }
        return String.join("\n", lines) + "\n";
    }

    private static void promises(Verdict verdict, List<String> lines) {
        lines.add("| | promise | outcome | finding |");
        lines.add("|---|---|---|---|");
        for (Finding finding : verdict.promises()) {
            Optional<Ruling> outcome = Optional.of(finding.outcome());
            lines.add(row(List.of(Format.mark(outcome), finding.promise(), Format.word(outcome), finding.sentence())));
        }
        lines.add("");
    }

    private static void outages(ReportModel model, List<String> lines) {
        List<String> head = new ArrayList<>(List.of("outage", "from", "to"));
        Arrays.stream(Outage.Part.values()).map(Outage.Part::id).forEach(head::add);
        lines.add(row(head));
        lines.add("|---:|---|---|" + "---:|".repeat(Outage.Part.values().length));
        for (Outage outage : model.outages()) {
            List<String> cells =
                    new ArrayList<>(List.of(Format.duration(outage.nanos()), outage.fromNode(), outage.toNode()));
            for (Outage.Part part : Outage.Part.values()) {
                cells.add(
                        outage.parts().containsKey(part)
                                ? Format.duration(outage.parts().getOrDefault(part, 0L))
                                : Format.NOTHING);
            }
            lines.add(row(cells));
        }
        lines.add("");
    }

    private static String of(ReportModel model, Function<Verdict, String> value) {
        return model.verdict().map(value).orElse(Format.NOTHING);
    }

    private static String row(List<String> cells) {
        return cells.stream().map(MarkdownSummary::text).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** Text that is neither markup nor HTML nor the end of a cell, whatever it holds. */
    private static String text(String raw) {
        StringBuilder safe = new StringBuilder();
        oneLine(raw).codePoints().forEach(c -> {
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '|', '\\', '`', '*', '[', ']', '~', '#', '!' ->
                    safe.append('\\').appendCodePoint(c);
                case '@' -> safe.append("&#64;");
                default -> safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static String html(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String oneLine(String raw) {
        return raw.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
