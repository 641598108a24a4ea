package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.reports.HtmlReport;
import io.github.pggauntlet.reports.MarkdownSummary;
import io.github.pggauntlet.reports.ReportModel;
import io.github.pggauntlet.reports.RunReport;
import io.github.pggauntlet.reports.TextSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Tells people what a run has come to: on the terminal, in the report, and in the summary of a build server. */
final class Telling {

    /** Where GitHub's build server wants its summary. */
    private static final String STEP_SUMMARY = "GITHUB_STEP_SUMMARY";

    private Telling() {}

    static void of(RunFolder folder, PrintWriter out) {
        try {
            ReportModel model = RunReport.read(folder);
            Path report = new HtmlReport().write(folder, model);
            out.print(new TextSummary().render(model, Optional.of(report)));
            out.flush();
            Optional<String> summary =
                    Optional.ofNullable(System.getenv(STEP_SUMMARY)).filter(path -> !path.isBlank());
            if (summary.isPresent()) {
                Files.writeString(
                        Path.of(summary.get()),
                        new MarkdownSummary().render(model),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new RecordingException("The report cannot be written: " + e.getMessage() + ".", e);
        }
    }
}
