package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Sweep;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Removes what killed runs have left behind. */
@Command(
        name = "clean",
        description =
                "Removes the containers, networks and volumes of runs of this machine whose process is dead. Every run"
                        + " does so too when it starts.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {ExitStatus.TOLD_DONE, ExitStatus.TOLD_WRONG_USE, ExitStatus.TOLD_ENVIRONMENT})
final class CleanCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (Engine engine = Engine.connect(Images.find())) {
            spec.commandLine().getOut().println(new Sweep(engine).deadRuns());
            return ExitStatus.KEPT;
        }
    }
}
