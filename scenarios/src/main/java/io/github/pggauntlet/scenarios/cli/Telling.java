package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.history.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Tells people what a run has come to. */
final class Telling {

    private Telling() {}

    static void of(RunFolder folder, PrintWriter out) {
        try {
            new VerdictJson()
                    .read(Files.readString(folder.verdict()))
                    .promises()
                    .forEach(finding ->
                            out.println(finding.outcome() + " " + finding.promise() + ": " + finding.sentence()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
    }
}
