package io.github.pggauntlet.strategy.drbd;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What DRBD 8.4 says of a device, in one piece: {@code /proc/drbd} tells all of it at one moment, where {@code drbdadm cstate},
 * {@code role} and {@code dstate} one after the other would tell of three.
 *
 * @param connection the connection
 * @param role the role here
 * @param peerRole the role of the other machine, as far as it is known
 * @param disk the disk here
 * @param peerDisk the disk of the other machine, as far as it is known
 * @param outOfSyncKilobytes how much of the two disks is known to differ
 * @param suspended whether writes stand still until somebody lets them go on
 */
public record DrbdStatus(
        Connection connection,
        Role role,
        Role peerRole,
        Disk disk,
        Disk peerDisk,
        long outOfSyncKilobytes,
        boolean suspended) {

    /** The letter of the protocol is a blank while there is no connection at all. */
    private static final Pattern LINE =
            Pattern.compile("(\\d+): cs:(\\w+)(?: ro:(\\w+)/(\\w+) ds:(\\w+)/(\\w+) . (\\S).*)?");
    /** The first of the flags behind the protocol's letter (Linux, {@code drbd_proc.c}); otherwise {@code r}, for running. */
    private static final String SUSPENDED = "s";

    private static final Pattern DIFFERENCE = Pattern.compile("\\boos:(\\d+)");

    /** Of a device whose writes go on. */
    public DrbdStatus(
            Connection connection, Role role, Role peerRole, Disk disk, Disk peerDisk, long outOfSyncKilobytes) {
        this(connection, role, peerRole, disk, peerDisk, outOfSyncKilobytes, false);
    }

    /** What a connection can be. The words are DRBD's own ({@code drbd_strings.c}). */
    public enum Connection {
        /** There is no such device. */
        UNCONFIGURED("Unconfigured"),
        STAND_ALONE("StandAlone"),
        DISCONNECTING("Disconnecting"),
        UNCONNECTED("Unconnected"),
        TIMEOUT("Timeout"),
        BROKEN_PIPE("BrokenPipe"),
        NETWORK_FAILURE("NetworkFailure"),
        PROTOCOL_ERROR("ProtocolError"),
        TEAR_DOWN("TearDown"),
        WAITING("WFConnection"),
        WAITING_FOR_REPORT("WFReportParams"),
        CONNECTED("Connected"),
        STARTING_SYNC_SOURCE("StartingSyncS"),
        STARTING_SYNC_TARGET("StartingSyncT"),
        WAITING_FOR_BITMAP_SOURCE("WFBitMapS"),
        WAITING_FOR_BITMAP_TARGET("WFBitMapT"),
        WAITING_FOR_SYNC_ID("WFSyncUUID"),
        SYNC_SOURCE("SyncSource"),
        SYNC_TARGET("SyncTarget"),
        VERIFY_SOURCE("VerifyS"),
        VERIFY_TARGET("VerifyT"),
        PAUSED_SYNC_SOURCE("PausedSyncS"),
        PAUSED_SYNC_TARGET("PausedSyncT"),
        AHEAD("Ahead"),
        BEHIND("Behind");

        private final String word;

        Connection(String word) {
            this.word = word;
        }

        static Connection of(String word) {
            return named(values(), word, connection -> connection.word, "state of a connection");
        }

        /** Whether the other machine is heard. */
        public boolean hearsPeer() {
            return switch (this) {
                case UNCONFIGURED,
                        STAND_ALONE,
                        DISCONNECTING,
                        UNCONNECTED,
                        TIMEOUT,
                        BROKEN_PIPE,
                        NETWORK_FAILURE,
                        PROTOCOL_ERROR,
                        TEAR_DOWN,
                        WAITING,
                        WAITING_FOR_REPORT -> false;
                default -> true;
            };
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Who may use the device. */
    public enum Role {
        PRIMARY("Primary"),
        SECONDARY("Secondary"),
        UNKNOWN("Unknown");

        private final String word;

        Role(String word) {
            this.word = word;
        }

        static Role of(String word) {
            return named(values(), word, role -> role.word, "role");
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** How good the data of a disk is. */
    public enum Disk {
        DISKLESS("Diskless"),
        ATTACHING("Attaching"),
        FAILED("Failed"),
        NEGOTIATING("Negotiating"),
        INCONSISTENT("Inconsistent"),
        OUTDATED("Outdated"),
        UNKNOWN("DUnknown"),
        CONSISTENT("Consistent"),
        UP_TO_DATE("UpToDate");

        private final String word;

        Disk(String word) {
            this.word = word;
        }

        static Disk of(String word) {
            return named(values(), word, disk -> disk.word, "state of a disk");
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private static <E> E named(E[] values, String word, java.util.function.Function<E, String> name, String what) {
        return Arrays.stream(values)
                .filter(value -> name.apply(value).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("DRBD says '" + word + "', which is no known " + what + "."));
    }

    /** Of a device that is not there. */
    public static DrbdStatus unconfigured() {
        return new DrbdStatus(Connection.UNCONFIGURED, Role.UNKNOWN, Role.UNKNOWN, Disk.DISKLESS, Disk.UNKNOWN, 0);
    }

    /**
     * Reads {@code /proc/drbd}.
     *
     * @param minor the device's number
     * @throws IllegalArgumentException if it says something that is not known; a decision by half of what DRBD says would be
     *     none
     */
    public static DrbdStatus parse(String proc, int minor) {
        Optional<Matcher> found = Optional.empty();
        for (String line : proc.lines().map(String::strip).toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                if (found.isPresent()) {
                    break;
                }
                found = Integer.parseInt(matcher.group(1)) == minor ? Optional.of(matcher) : Optional.empty();
            } else if (found.isPresent()) {
                Matcher difference = DIFFERENCE.matcher(line);
                if (difference.find()) {
                    return of(found.get(), Long.parseLong(difference.group(1)));
                }
            }
        }
        return found.map(matcher -> of(matcher, 0)).orElseGet(DrbdStatus::unconfigured);
    }

    private static DrbdStatus of(Matcher line, long outOfSync) {
        Connection connection = Connection.of(line.group(2));
        if (line.group(3) == null) {
            if (connection != Connection.UNCONFIGURED) {
                throw new IllegalArgumentException("DRBD says of a device no more than " + connection + ".");
            }
            return unconfigured();
        }
        return new DrbdStatus(
                connection,
                Role.of(line.group(3)),
                Role.of(line.group(4)),
                Disk.of(line.group(5)),
                Disk.of(line.group(6)),
                outOfSync,
                line.group(7).equals(SUSPENDED));
    }

    @Override
    public String toString() {
        return connection + " " + role + "/" + peerRole + " " + disk + "/" + peerDisk
                + (outOfSyncKilobytes == 0 ? "" : ", " + outOfSyncKilobytes + " kB out of sync")
                + (suspended ? ", writes stand still" : "");
    }
}
