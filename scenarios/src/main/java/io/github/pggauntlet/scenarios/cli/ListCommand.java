package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaStrategy;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what there is to choose from. */
@Command(
        name = "list",
        description = "Lists the strategies and the scenarios.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {ExitStatus.TOLD_DONE, ExitStatus.TOLD_WRONG_USE})
final class ListCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Catalogue catalogue = new Catalogue();
        out.println("Strategies");
        for (HaStrategy strategy : catalogue.strategies()) {
            out.printf(
                    "  %-24s %s%n  %-24s durability: %s%n",
                    strategy.name(),
                    strategy.description(),
                    "",
                    strategy.durabilities().stream()
                            .map(Durability::id)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        out.println();
        out.println("Scenarios");
        for (Scenario scenario : catalogue.scenarios()) {
            out.printf("  %-24s %s%n", scenario.name(), scenario.description());
            for (Scenario.Parameter parameter : scenario.parameters()) {
                out.printf("  %-24s -P %s=%s: %s%n", "", parameter.name(), parameter.standard(), parameter.meaning());
            }
        }
        out.flush();
    }
}
