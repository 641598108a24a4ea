package io.github.pggauntlet.strategy.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a data directory says of itself in {@code global/pg_control}, as {@code pg_controldata} prints it.
 *
 * @param systemIdentifier the identity that all copies of one cluster share
 * @param state how PostgreSQL was left
 * @param checkpoint where the latest checkpoint's record starts
 * @param timeline the latest checkpoint's timeline
 * @param minimumRecoveryEnd the position that recovery must reach before the data is consistent; {@link Lsn#INVALID} if
 *     none
 * @param minimumRecoveryTimeline the timeline of that position; 0 if none
 * @param walLogHints whether hint-bit changes are written to WAL
 * @param checksums whether data pages carry checksums
 * @param fullPageWrites whether whole pages were written to WAL after the latest checkpoint
 * @param segmentSize the size of a WAL segment in bytes
 */
public record ControlData(
        String systemIdentifier,
        State state,
        Lsn checkpoint,
        int timeline,
        Lsn minimumRecoveryEnd,
        int minimumRecoveryTimeline,
        boolean walLogHints,
        boolean checksums,
        boolean fullPageWrites,
        int segmentSize) {

    /** What pg_controldata says, and ends with status 0 nevertheless, when the file's checksum does not match. */
    private static final String DAMAGED = "CRC checksum does not match";

    /** How PostgreSQL was left (the names are those of {@code pg_controldata}). */
    public enum State {
        STARTING_UP("starting up"),
        SHUT_DOWN("shut down"),
        SHUT_DOWN_IN_RECOVERY("shut down in recovery"),
        SHUTTING_DOWN("shutting down"),
        IN_CRASH_RECOVERY("in crash recovery"),
        IN_ARCHIVE_RECOVERY("in archive recovery"),
        IN_PRODUCTION("in production");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** Whether it was a standby that was left so. */
        public boolean standby() {
            return this == IN_ARCHIVE_RECOVERY || this == SHUT_DOWN_IN_RECOVERY;
        }

        /** Whether it was left in good order. */
        public boolean clean() {
            return this == SHUT_DOWN || this == SHUT_DOWN_IN_RECOVERY;
        }

        @Override
        public String toString() {
            return text;
        }

        private static State of(String text) {
            for (State state : values()) {
                if (state.text.equals(text)) {
                    return state;
                }
            }
            throw new IllegalArgumentException("pg_controldata names a state that is not known: '" + text + "'.");
        }
    }

    /**
     * What keeps pg_rewind from working on this directory: it must be able to tell every block that changed, and to replace
     * each of them whole (PostgreSQL documentation, pg_rewind: {@code wal_log_hints} or data checksums, and
     * {@code full_page_writes}).
     *
     * @return half a sentence; empty if nothing does
     */
    public Optional<String> hindranceToRewind() {
        if (!walLogHints && !checksums) {
            return Optional.of("pg_rewind needs wal_log_hints or data checksums");
        }
        return fullPageWrites ? Optional.empty() : Optional.of("pg_rewind needs full_page_writes");
    }

    /**
     * The farthest timeline this directory has been on: that of its last checkpoint, or of its minimum recovery position
     * if that is later.
     */
    public int latestTimeline() {
        return Math.max(timeline, minimumRecoveryTimeline);
    }

    /**
     * Reads what {@code pg_controldata} printed in the C locale.
     *
     * @param output all that it printed, to its standard output and to its standard error: to which of them it writes that
     *     the file is damaged depends on its version
     * @throws IllegalArgumentException if the file is damaged, or a line that is needed is missing or not understood
     */
    public static ControlData parse(String output) {
        if (output.contains(DAMAGED)) {
            throw new IllegalArgumentException(
                    "The control file is damaged: its checksum does not match, says pg_controldata.");
        }
        Map<String, String> lines = new HashMap<>();
        for (String line : output.split("\\R")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return new ControlData(
                line(lines, "Database system identifier"),
                State.of(line(lines, "Database cluster state")),
                Lsn.parse(line(lines, "Latest checkpoint location")),
                Integer.parseInt(line(lines, "Latest checkpoint's TimeLineID")),
                Lsn.parse(line(lines, "Minimum recovery ending location")),
                Integer.parseInt(line(lines, "Min recovery ending loc's timeline")),
                line(lines, "wal_log_hints setting").equals("on"),
                !line(lines, "Data page checksum version").equals("0"),
                line(lines, "Latest checkpoint's full_page_writes").equals("on"),
                Integer.parseInt(line(lines, "Bytes per WAL segment")));
    }

    private static String line(Map<String, String> lines, String name) {
        String value = lines.get(name);
        if (value == null) {
            throw new IllegalArgumentException("pg_controldata printed no line '" + name + "'.");
        }
        return value;
    }
}
