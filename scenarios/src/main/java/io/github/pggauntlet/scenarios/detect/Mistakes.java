package io.github.pggauntlet.scenarios.detect;

import io.github.pggauntlet.strategy.Durability;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All strategies broken on purpose, each with the shortest way in which it is known to be found. */
public final class Mistakes {

    private static final String STREAMING = "streaming";
    private static final String UCARP = "ucarp-streaming-fast";
    private static final String FENCED = "ucarp-fenced";
    private static final String CRASH = "crash-cycle";
    private static final String SLOW = "slow-link";
    private static final String RANDOM = "random-faults";
    private static final String TROUBLE = "address-trouble";
    private static final String DURABILITY = "durability";
    private static final String WRITER = "single-writer";
    private static final String REJOIN = "rejoin";
    private static final String OUTAGE = "write-outage";
    private static final String ADDRESS = "virtual-address";
    private static final String DATA = "data";
    private static final String SLOTS = "slots";
    private static final Map<String, String> NOTHING_SET = Map.of();

    /** One crash of the primary's postmaster. */
    private static final Map<String, String> ONE = Map.of("cycles", "1", "fault", "postmaster");

    /** After a failover, long enough for a standby's recovery to begin later than it came to be one; then it crashes. */
    private static final Map<String, String> AGED = Map.of(
            "schedule",
            "{\"steps\":[" + step("kill-postmaster", "primary", "whole", 1000, 5) + ","
                    + step("slow-link", "standby", "whole", 50_000, 5) + ","
                    + step("kill-postmaster", "standby", "whole", 1000, 5) + "]}");

    private static final List<Mistake> ALL = List.of(
            // The lease and what enforces it.
            streaming(
                    "no-lease",
                    "the lease, and the fence",
                    "S21",
                    Durability.SYNC,
                    SLOW,
                    NOTHING_SET,
                    WRITER,
                    DURABILITY),
            streaming(
                    "no-fencing",
                    "the fence: PostgreSQL is killed when the lease ends",
                    "S20",
                    Durability.ASYNC,
                    RANDOM,
                    schedule("isolate-but-clients", "primary", "whole", 7000),
                    WRITER),
            streaming(
                    "no-watchdog",
                    "the process beside the agent that kills PostgreSQL for a frozen agent",
                    "S05",
                    Durability.ASYNC,
                    "agent-frozen",
                    NOTHING_SET,
                    WRITER),
            streaming(
                    "sleeping-clock",
                    "a clock for leases that goes on while the machine sleeps",
                    "S08",
                    Durability.ASYNC,
                    "host-frozen",
                    NOTHING_SET,
                    WRITER),
            streaming(
                    "renewal-assumed",
                    "a lease lasts only as long as the arbiter has said",
                    "S23",
                    Durability.ASYNC,
                    RANDOM,
                    byLot("isolate-but-clients,isolate-host,isolate-from-arbiter,freeze-host,kill-postmaster", 5),
                    WRITER,
                    DURABILITY),
            streaming(
                    "silence-is-vacancy",
                    "nobody is promoted before it has the lease",
                    "S26",
                    Durability.SYNC,
                    RANDOM,
                    byLot("isolate-host,isolate-but-clients,cut-link,kill-postmaster,kill-host", 3),
                    WRITER,
                    DURABILITY),
            streaming(
                    "lease-kept-by-the-dead",
                    "the lease is given away when PostgreSQL has died",
                    "S02",
                    Durability.SYNC,
                    CRASH,
                    ONE,
                    OUTAGE),
            streaming(
                    "lease-too-long",
                    "promises are made for the lease in force",
                    "S07",
                    Durability.SYNC,
                    CRASH,
                    Map.of("cycles", "1", "fault", "host"),
                    OUTAGE),
            // Who is promoted.
            three("elects-by-preference", "the standby that has come farthest is promoted", "S11", SLOW, DURABILITY),
            three(
                    "quorum-not-heard",
                    "so many must have answered that one of them has every commit",
                    "S14",
                    "behind-returns-first",
                    DURABILITY),
            streaming(
                    "promotable-in-memory",
                    "who may be promoted is kept where all can read it",
                    "S53",
                    Durability.SYNC,
                    "alone-then-return",
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "degrade-unrecorded",
                    "who goes on alone has it on record first",
                    "S52",
                    Durability.SYNC,
                    "alone-then-return",
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "open-before-record",
                    "a new primary has it on record that nobody else has what it writes",
                    "S13",
                    Durability.SYNC,
                    "successor-fails",
                    NOTHING_SET,
                    DURABILITY,
                    WRITER),
            streaming(
                    "counted-too-early",
                    "a standby may be promoted only when its disk has what came before",
                    "S54",
                    Durability.SYNC,
                    "standby-just-back",
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "laggard-stays",
                    "a standby that lags too far is taken off the record",
                    "S10",
                    Durability.ASYNC,
                    "lagging-standby",
                    NOTHING_SET,
                    DURABILITY),
            // What an acknowledged commit has survived.
            streaming(
                    "async-called-sync",
                    "commits wait for the standby's disk",
                    "S50",
                    Durability.SYNC,
                    SLOW,
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "lazy-commit",
                    "commits are on the primary's disk (synchronous_commit = off)",
                    "S02",
                    Durability.SYNC,
                    CRASH,
                    Map.of("cycles", "2", "fault", "postmaster"),
                    DURABILITY),
            streaming(
                    "local-commit",
                    "commits wait for the standby that is named (synchronous_commit = local)",
                    "S50",
                    Durability.SYNC,
                    SLOW,
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "warning-hidden",
                    "a cancelled wait for a standby is no acknowledgement",
                    "S51",
                    Durability.SYNC,
                    "cancelled-wait",
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "bound-too-small",
                    "the loss that is promised is one that something enforces",
                    "S10",
                    Durability.ASYNC,
                    SLOW,
                    NOTHING_SET,
                    DURABILITY),
            streaming(
                    "hasty-switchover",
                    "a switchover waits until the standby has everything",
                    "S60",
                    Durability.ASYNC,
                    SLOW,
                    Map.of("end", "switchover"),
                    DURABILITY),
            // The way back.
            streaming(
                    "old-primary-again",
                    "a primary that has failed is started as a standby",
                    "S28",
                    Durability.SYNC,
                    CRASH,
                    ONE,
                    WRITER),
            streaming(
                    "never-rejoins", "who has failed comes back by itself", "S30", Durability.SYNC, CRASH, ONE, REJOIN),
            streaming(
                    "follows-without-rewind",
                    "what the new primary never had is taken back",
                    "S30",
                    Durability.SYNC,
                    RANDOM,
                    schedule("isolate-but-clients", "primary", "whole", 5000),
                    REJOIN),
            streaming(
                    "histories-by-number",
                    "timelines are compared by their histories",
                    "S35",
                    Durability.SYNC,
                    "promoted-by-hand",
                    NOTHING_SET,
                    REJOIN,
                    DURABILITY),
            streaming(
                    "copies-and-says-rewound",
                    "the way back that is told is the one that was taken",
                    "S30",
                    Durability.SYNC,
                    CRASH,
                    ONE,
                    REJOIN),
            streaming(
                    "cuts-torn-pages",
                    "what a crash has left is for PostgreSQL's recovery",
                    "S40",
                    Durability.SYNC,
                    RANDOM,
                    AGED,
                    DATA),
            streaming(
                    "slots-stand-still",
                    "slots on standbys are moved, so that WAL is not kept for good",
                    "S43",
                    Durability.SYNC,
                    RANDOM,
                    AGED,
                    SLOTS),
            // A virtual address.
            ucarp(
                    "ucarp-alone",
                    "two machines alone promise nothing of a cut link",
                    "S21",
                    TROUBLE,
                    Map.of("trouble", "parted", "seconds", "12"),
                    WRITER,
                    DURABILITY),
            new Mistake(
                    "broken-fencer-lies",
                    "a machine is off before another one says so",
                    "S21",
                    FENCED,
                    Durability.SYNC,
                    2,
                    TROUBLE,
                    new TreeMap<>(Map.of("trouble", "parted", "seconds", "16")),
                    List.of(WRITER, DURABILITY)),
            ucarp("ucarp-unwatched", "vipmon, who watches PostgreSQL behind the address", "S02", CRASH, ONE, OUTAGE),
            ucarp("ucarp-slow-script", "an up-script that only says so", "S29", CRASH, ONE, OUTAGE, ADDRESS),
            ucarp(
                    "ucarp-address-left",
                    "a down-script that takes the address down first of all",
                    "S20",
                    CRASH,
                    ONE,
                    ADDRESS));

    private Mistakes() {}

    /** All of them. */
    public static List<Mistake> all() {
        return ALL;
    }

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Mistake of(String strategy) {
        return ALL.stream()
                .filter(one -> one.strategy().equals(strategy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + strategy
                        + "' is not broken on purpose; choose of: "
                        + String.join(", ", ALL.stream().map(Mistake::strategy).toList()) + "."));
    }

    /** One of each sound strategy and way of looking. */
    public static List<Mistake> withDifferentWays(List<Mistake> mistakes) {
        Map<String, Mistake> ways = new LinkedHashMap<>();
        mistakes.forEach(one -> ways.putIfAbsent(one.sound() + " " + one.way(), one));
        return List.copyOf(ways.values());
    }

    private static Mistake streaming(
            String name,
            String safeguard,
            String failure,
            Durability durability,
            String scenario,
            Map<String, String> parameters,
            String... checkers) {
        return new Mistake(
                "broken-" + name,
                safeguard,
                failure,
                STREAMING,
                durability,
                2,
                scenario,
                new TreeMap<>(parameters),
                Arrays.asList(checkers));
    }

    private static Mistake three(String name, String safeguard, String failure, String scenario, String... checkers) {
        return new Mistake(
                "broken-" + name,
                safeguard,
                failure,
                STREAMING,
                Durability.QUORUM,
                3,
                scenario,
                new TreeMap<>(),
                Arrays.asList(checkers));
    }

    private static Mistake ucarp(
            String name,
            String safeguard,
            String failure,
            String scenario,
            Map<String, String> parameters,
            String... checkers) {
        return new Mistake(
                "broken-" + name,
                safeguard,
                failure,
                UCARP,
                Durability.SYNC,
                2,
                scenario,
                new TreeMap<>(parameters),
                Arrays.asList(checkers));
    }

    private static Map<String, String> byLot(String kinds, int faults) {
        return Map.of("kinds", kinds, "faults", Integer.toString(faults));
    }

    private static Map<String, String> schedule(String kind, String victim, String moment, int millis) {
        return Map.of("schedule", "{\"steps\":[" + step(kind, victim, moment, millis) + "]}");
    }

    private static String step(String kind, String victim, String moment, int millis) {
        return step(kind, victim, moment, millis, 400);
    }

    private static String step(String kind, String victim, String moment, int millis, int latency) {
        return "{\"kind\":\"" + kind + "\",\"victim\":\"" + victim + "\",\"moment\":\"" + moment
                + "\",\"writes\":100,\"lasts_ms\":" + millis + ",\"latency_ms\":" + latency + "}";
    }
}
