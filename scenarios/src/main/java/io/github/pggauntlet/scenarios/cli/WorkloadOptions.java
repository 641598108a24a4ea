package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.workload.WorkloadChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say what half of the sessions do beside the ledger. */
final class WorkloadOptions {

    private static final String WORKLOAD = "workload";
    private static final String ISOLATION = "isolation";
    private static final String EXPECT = "expect";
    private static final String MIX = "mix";

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            defaultValue = "ledger",
            description =
                    "What half of the sessions do beside the ledger: ledger (nothing else), append, register, bank or"
                            + " standby-reads (default: ${DEFAULT-VALUE}).")
    private String workload = "";

    @Option(
            names = "--isolation",
            paramLabel = "LEVEL",
            defaultValue = "",
            description = "The isolation level of their transactions: read-committed, repeatable-read or serializable"
                    + " (default: what suits the workload).")
    private String isolation = "";

    @Option(
            names = "--expect",
            paramLabel = "WHAT",
            defaultValue = "",
            description =
                    "What their history is held against, such as serializable, own-writes or nothing (default: what"
                            + " PostgreSQL says of the isolation level).")
    private String expect = "";

    @Option(
            names = "--mix",
            paramLabel = "NAMES",
            defaultValue = "",
            description = "Special transactions, joined by commas, for append and bank: long, savepoints, two-phase.")
    private String mix = "";

    /**
     * What was chosen.
     *
     * @param parameters parameters of a scenario; those of these names are taken out of them, and count
     * @throws IllegalArgumentException if it cannot be; the message says why
     */
    WorkloadChoice choice(Map<String, String> parameters) {
        return WorkloadChoice.of(
                taken(parameters, WORKLOAD, workload),
                taken(parameters, ISOLATION, isolation),
                taken(parameters, EXPECT, expect),
                taken(parameters, MIX, mix));
    }

    private static String taken(Map<String, String> parameters, String name, String otherwise) {
        String value = parameters.getOrDefault(name, otherwise);
        parameters.remove(name);
        return value;
    }

    /** The same options again; none for the ledger alone. */
    static List<String> words(WorkloadChoice choice) {
        List<String> words = new ArrayList<>();
        if (choice.kind() != WorkloadChoice.Kind.LEDGER) {
            words.addAll(List.of(
                    "--workload",
                    choice.kind().id(),
                    "--isolation",
                    choice.isolation().id(),
                    "--expect",
                    choice.expect()));
        }
        if (!choice.mix().isEmpty()) {
            words.addAll(List.of("--mix", choice.mixed()));
        }
        return words;
    }
}
