package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.scenarios.campaign.CampaignFolder;
import io.github.pggauntlet.scenarios.campaign.CampaignSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Joins what the shards of a campaign have found. */
@Command(
        name = "merge",
        description = "Joins the summaries of a campaign's shards into one.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            ExitStatus.TOLD_KEPT,
            ExitStatus.TOLD_BROKEN,
            ExitStatus.TOLD_INCONCLUSIVE,
            ExitStatus.TOLD_WRONG_USE,
            ExitStatus.TOLD_ENVIRONMENT
        })
final class MergeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "The folder for the summary of all of them.")
    private Path out = Path.of("");

    @Parameters(paramLabel = "FOLDER", arity = "1..*", description = "The shards' folders.")
    private List<Path> shards = new ArrayList<>();

    @Override
    public Integer call() {
        CampaignSummary summary = WrongUse.of(() -> CampaignSummary.merge(
                shards.stream().map(path -> new CampaignFolder(path).read()).toList()));
        new CampaignFolder(out).write(summary);
        spec.commandLine().getOut().print(summary.markdown());
        spec.commandLine().getOut().flush();
        return ExitStatus.of(summary.verdict());
    }
}
