package io.github.pggauntlet.scenarios.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.interchange.JepsenFormat;
import io.github.pggauntlet.harness.interchange.JepsenOperation;
import io.github.pggauntlet.harness.interchange.RunHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a run's history for other checkers. */
@Command(
        name = "export",
        description = "Writes what a run with the workload append has recorded in a form that other checkers read.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {"0: The history is written.", ExitStatus.TOLD_WRONG_USE, ExitStatus.TOLD_ENVIRONMENT})
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FOLDER", description = "The run's folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORM",
            defaultValue = "EDN",
            description = "edn, as in Jepsen's history.edn, or json, as elle-cli takes it; edn unless set.")
    private JepsenFormat format = JepsenFormat.EDN;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file to be written.")
    private Path out = Path.of("");

    @Override
    public Integer call() {
        List<JepsenOperation> history = RunHistory.appends(
                HistoryReader.read(RunFolder.open(folder).history()).transactions());
        if (history.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The run in " + folder + " has recorded no transactions over lists; play it with --workload"
                            + " append.");
        }
        try {
            Files.writeString(out, format.write(history), UTF_8);
        } catch (IOException e) {
            throw new RecordingException(out + " cannot be written: " + e.getMessage() + ".", e);
        }
        return 0;
    }
}
