package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.ForeignFolderException;
import io.github.pggauntlet.harness.history.RecordingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
        name = "gauntlet",
        description = {
            "Puts PostgreSQL high-availability strategies through crashes on real servers, and proves from the record that no"
                    + " acknowledged write was lost.",
            ""
        },
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            ExitStatus.TOLD_KEPT,
            ExitStatus.TOLD_BROKEN,
            ExitStatus.TOLD_INCONCLUSIVE,
            ExitStatus.TOLD_WRONG_USE,
            ExitStatus.TOLD_ENVIRONMENT
        },
        footer = {
            "",
            "A first run:",
            "  ./gauntlet run --strategy streaming --durability sync --scenario crash-cycle --cycles 3 --seed 7 --out"
                    + " runs/first"
        },
        subcommands = {
            ListCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ExportCommand.class,
            CampaignCommand.class,
            MergeCommand.class,
            DetectCommand.class,
            BenchCommand.class,
            CleanCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = GauntletCommand.Version.class)
public final class GauntletCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(GauntletCommand.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = GauntletCommand.class.getPackage().getImplementationVersion();
            return new String[] {"pg-gauntlet " + (version == null ? "development" : version)};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to do: list, run, check, export, campaign, merge, detect, bench or clean.");
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new GauntletCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(GauntletCommand::wrongUse)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command))
                .setUsageHelpAutoWidth(true);
    }

    private static int wrongUse(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println(sentence(failure));
        command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitStatus.WRONG_USE;
    }

    private static String sentence(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !command.getSubcommands().isEmpty()) {
            return "There is no command '" + unmatched.getUnmatched().get(0) + "'; choose one of: "
                    + String.join(", ", command.getSubcommands().keySet()) + ".";
        }
        return String.valueOf(failure.getMessage());
    }

    private static int failed(Exception failure, CommandLine command) {
        LOG.debug("The command failed.", failure);
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof WrongUse
                || failure instanceof ForeignFolderException
                || failure instanceof DamagedRunException) {
            command.getErr().println(message);
            return ExitStatus.WRONG_USE;
        }
        if (failure instanceof EnvironmentException || failure instanceof RecordingException) {
            command.getErr().println(message);
            return ExitStatus.ENVIRONMENT;
        }
        if (failure instanceof InterruptedException) {
            command.getErr().println("Interrupted; everything that was started has been removed.");
            return ExitStatus.ENVIRONMENT;
        }
        command.getErr().println("This should not have happened: " + failure);
        failure.printStackTrace(command.getErr());
        return ExitStatus.ENVIRONMENT;
    }
}
