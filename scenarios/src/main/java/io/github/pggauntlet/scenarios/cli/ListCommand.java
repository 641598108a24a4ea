package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.fault.FaultKind;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaStrategy;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what there is to choose from. */
@Command(
        name = "list",
        description = "Lists the strategies and the scenarios, or the faults.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {ExitStatus.TOLD_DONE, ExitStatus.TOLD_WRONG_USE})
final class ListCommand implements Runnable {

    private static final String FAULTS = "faults";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "WHAT",
            arity = "0..1",
            defaultValue = "",
            description = "'faults' to see which faults there are; nothing for strategies and scenarios.")
    private String what = "";

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (what.equals(FAULTS)) {
            faults(out);
            return;
        }
        if (!what.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "There is no list of '" + what + "'; say '" + FAULTS + "' or nothing.");
        }
        Catalogue catalogue = new Catalogue();
        out.println("Strategies");
        for (HaStrategy strategy : catalogue.strategies()) {
            out.printf(
                    "  %-31s %s%n  %-31s durability: %s%n",
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

    private static void faults(PrintWriter out) {
        for (FaultKind kind : FaultKind.values()) {
            String takes = kind.takes().isEmpty() ? "" : "; takes " + kind.takes();
            out.printf(
                    "  %-22s %s%n  %-22s hits %s; judged as %s%s; healed %s%n",
                    kind.id(),
                    kind.description(),
                    "",
                    kind.reach(),
                    kind.faultClass().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    takes,
                    kind.nature() == FaultKind.Nature.QUICK ? "by the strategy itself" : "by the harness");
        }
        out.flush();
    }
}
