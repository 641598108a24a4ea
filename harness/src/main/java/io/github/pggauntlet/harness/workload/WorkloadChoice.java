package io.github.pggauntlet.harness.workload;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What half of the sessions do beside the ledger, which is always written to.
 *
 * @param kind what they do
 * @param isolation the isolation level of their transactions
 * @param expect what their history is held against; see {@link Kind#expectations}
 * @param mix what makes some of the transactions special, in alphabetical order
 */
public record WorkloadChoice(Kind kind, IsolationLevel isolation, String expect, List<Special> mix) {

    /** What sessions can do. */
    public enum Kind {
        /** Nothing but the ledger. */
        LEDGER(IsolationLevel.READ_COMMITTED, "nothing"),
        /** Transactions that append to several lists and read them. */
        APPEND(IsolationLevel.SERIALIZABLE, "read-committed", "snapshot-isolation", "serializable", "nothing"),
        /** Reads, writes and compare-and-set of single rows. */
        REGISTER(IsolationLevel.READ_COMMITTED, "linearizable", "nothing"),
        /** Transfers between the accounts of a bank, and reads of all of them. */
        BANK(IsolationLevel.REPEATABLE_READ, "total-conserved", "nothing"),
        /** Notes that are left on the primary and read on standbys. */
        STANDBY_READS(IsolationLevel.REPEATABLE_READ, "nothing", "own-writes", "monotonic-reads", "no-fork");

        private final IsolationLevel standard;
        private final List<String> expectations;

        Kind(IsolationLevel standard, String... expectations) {
            this.standard = standard;
            this.expectations = List.of(expectations);
        }

        /** The name used on command lines, for example {@code standby-reads}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The isolation level that is used if none is asked for. */
        public IsolationLevel standardIsolation() {
            return standard;
        }

        /** What the history can be held against. */
        public List<String> expectations() {
            return expectations;
        }

        /** What PostgreSQL says of such a workload at an isolation level, on one primary or on its standbys. */
        String standardExpectation(IsolationLevel isolation) {
            return switch (this) {
                case LEDGER, STANDBY_READS -> "nothing";
                case APPEND ->
                    switch (isolation) {
                        case READ_COMMITTED -> "read-committed";
                        case REPEATABLE_READ -> "snapshot-isolation";
                        case SERIALIZABLE -> "serializable";
                    };
                case REGISTER -> "linearizable";
                case BANK -> isolation == IsolationLevel.READ_COMMITTED ? "nothing" : "total-conserved";
            };
        }

        /**
         * The kind of that name.
         *
         * @throws IllegalArgumentException if there is none; the message lists those there are
         */
        public static Kind of(String id) {
            return Arrays.stream(values())
                    .filter(kind -> kind.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no workload '" + id
                            + "'; choose one of: "
                            + Arrays.stream(values()).map(Kind::id).collect(Collectors.joining(", ")) + "."));
        }
    }

    /** What makes a transaction special. */
    public enum Special {
        /** Some transactions pause in their midst. */
        LONG,
        /** Some transactions take a part of what they did back. */
        SAVEPOINTS,
        /** Some transactions are prepared first, and committed then. */
        TWO_PHASE;

        /** The name used on command lines, for example {@code two-phase}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Special of(String id) {
            return Arrays.stream(values())
                    .filter(special -> special.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There are no special transactions '" + id
                            + "'; choose from: "
                            + Arrays.stream(values()).map(Special::id).collect(Collectors.joining(", ")) + "."));
        }
    }

    public WorkloadChoice {
        mix = mix.stream().distinct().sorted().toList();
        if (!kind.expectations().contains(expect)) {
            throw new IllegalArgumentException("The workload '" + kind.id() + "' cannot be held against '" + expect
                    + "'; choose one of: " + String.join(", ", kind.expectations()) + ".");
        }
        if (!mix.isEmpty() && kind != Kind.APPEND && kind != Kind.BANK) {
            throw new IllegalArgumentException("The workload '" + kind.id()
                    + "' has no special transactions; those of append and bank can have them.");
        }
    }

    /** The ledger alone. */
    public static WorkloadChoice ledger() {
        return new WorkloadChoice(Kind.LEDGER, Kind.LEDGER.standardIsolation(), "nothing", List.of());
    }

    /**
     * A choice from the words of a user; what is empty is as usual.
     *
     * @param mix names joined by commas
     * @throws IllegalArgumentException if a word is none; the message says which there are
     */
    public static WorkloadChoice of(String kind, String isolation, String expect, String mix) {
        Kind chosen = Kind.of(kind);
        IsolationLevel level = isolation.isEmpty() ? chosen.standardIsolation() : IsolationLevel.of(isolation);
        List<Special> special = mix.isEmpty()
                ? List.of()
                : Arrays.stream(mix.split(",", -1))
                        .map(String::strip)
                        .map(Special::of)
                        .toList();
        return new WorkloadChoice(
                chosen, level, expect.isEmpty() ? chosen.standardExpectation(level) : expect, special);
    }

    /** A workload as usual. */
    public static WorkloadChoice of(Kind kind) {
        return of(kind.id(), "", "", "");
    }

    /** Whether some transactions are of a kind. */
    public boolean has(Special special) {
        return mix.contains(special);
    }

    /** The names of the special transactions, joined by commas. */
    public String mixed() {
        return mix.stream().map(Special::id).collect(Collectors.joining(","));
    }

    /** What is to be known of it to judge its history. */
    public SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("isolation", isolation.id());
        facts.put("expect", expect);
        if (!mix.isEmpty()) {
            facts.put("mix", mixed());
        }
        if (kind == Kind.BANK) {
            facts.put("accounts", Integer.toString(BankWork.ACCOUNTS));
            facts.put("total", Long.toString(BankWork.ACCOUNTS * BankWork.EACH));
        }
        return facts;
    }
}
