package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.Rejudging;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a run again. */
@Command(
        name = "check",
        description = "Judges a run again from its folder alone, and writes its verdict and report anew.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            ExitStatus.TOLD_KEPT,
            ExitStatus.TOLD_BROKEN,
            ExitStatus.TOLD_INCONCLUSIVE,
            ExitStatus.TOLD_WRONG_USE,
            ExitStatus.TOLD_ENVIRONMENT
        })
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FOLDER", description = "The run's folder.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        Verdict verdict = new Rejudging().judge(folder);
        Telling.of(RunFolder.open(folder), spec.commandLine().getOut());
        return ExitStatus.of(verdict.verdict());
    }
}
