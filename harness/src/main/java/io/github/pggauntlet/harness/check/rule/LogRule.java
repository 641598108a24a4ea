package io.github.pggauntlet.harness.check.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lines that must not be in a server's log, whatever is done to it. O(lines · patterns).
 *
 * @param patterns what is forbidden, and why
 */
public record LogRule(List<Forbidden> patterns) {

    /**
     * A kind of line.
     *
     * @param pattern found anywhere in the line
     * @param why what it means
     */
    public record Forbidden(Pattern pattern, String why) {
        static Forbidden of(String regex, String why) {
            return new Forbidden(Pattern.compile(regex), why);
        }
    }

    /**
     * A line of a log.
     *
     * @param node whose log
     * @param number the line's number in it
     * @param text the line
     */
    public record Line(String node, long number, String text) {}

    public LogRule {
        patterns = List.copyOf(patterns);
    }

    /**
     * What PostgreSQL logs when data is damaged or histories do not fit. The texts are those of its sources (
     * {@code bufpage.c}, {@code bufmgr.c}, {@code xlogrecovery.c}, {@code md.c}), in English.
     */
    public static LogRule ofPostgres() {
        return new LogRule(List.of(
                Forbidden.of("\\bPANIC:", "the server gave up on its own data"),
                Forbidden.of("invalid page in block \\d+", "a page is damaged"),
                Forbidden.of("page verification failed", "a page does not have the checksum it was written with"),
                Forbidden.of(
                        "could not read block|read only \\d+ of \\d+ bytes in block", "a file of data is too short"),
                Forbidden.of(
                        "requested timeline \\d+ is not a child of this server's history", "histories have parted"),
                Forbidden.of("WAL contains references to invalid pages", "what is replayed does not fit the data"),
                Forbidden.of(
                        "specified neither primary_conninfo nor restore_command",
                        "a standby waits for WAL that will never come"),
                Forbidden.of("database system identifier differs", "two servers are not of the same cluster"),
                Forbidden.of("missing chunk number \\d+ for toast value", "a value is damaged")));
    }

    /** Whether a line is one that must not be. */
    public boolean forbids(String text) {
        return patterns.stream()
                .anyMatch(forbidden -> forbidden.pattern().matcher(text).find());
    }

    /** The breaches, in the order of the lines. */
    public List<Breach> check(List<Line> lines) {
        List<Breach> breaches = new ArrayList<>();
        for (Line line : lines) {
            for (Forbidden forbidden : patterns) {
                if (forbidden.pattern().matcher(line.text()).find()) {
                    breaches.add(new Breach(
                            "log",
                            forbidden.why() + ": line " + line.number() + " of the log of " + line.node() + ": "
                                    + line.text().strip()));
                    break;
                }
            }
        }
        return breaches;
    }
}
