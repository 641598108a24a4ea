package io.github.pggauntlet.strategy.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL data directory on a machine and what can be done with it while no server runs on it. PostgreSQL's programs
 * must be on the machine's search path. One short method for each of these programs makes it long.
 */
public final class PostgresInstance {

    /** The name under which a file of this kind makes PostgreSQL start as a standby. */
    private static final String STANDBY_SIGNAL = "/standby.signal";

    private static final Duration QUICK = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofHours(24);
    private static final int PRIVATE = 0600;
    private static final int HEXADECIMAL = 16;

    /** The names of WAL segments and history files. */
    private static final Pattern OF_TIMELINE = Pattern.compile("([0-9A-F]{8})(?:[0-9A-F]{16}|\\.history)");

    private static final Pattern TOTAL_LENGTH = Pattern.compile("len \\(rec/tot\\):\\s*\\d+/\\s*(\\d+)");
    private static final Pattern LAST_RECORD =
            Pattern.compile("len \\(rec/tot\\):\\s*\\d+/\\s*(\\d+), tx:\\s*\\d+, lsn: ([0-9A-F]+/[0-9A-F]+)");

    private final Host host;
    private final PostgresLayout layout;
    private final String user;
    private final Salvage salvage;

    /**
     * @param host the machine
     * @param layout where things lie on it
     * @param user the operating-system user that owns the data
     * @param copiesKept how many data directories that were replaced are kept aside
     */
    public PostgresInstance(Host host, PostgresLayout layout, String user, int copiesKept) {
        this.host = host;
        this.layout = layout;
        this.user = user;
        this.salvage = new Salvage(host, layout, copiesKept);
    }

    /**
     * Which PostgreSQL the machine has.
     *
     * @throws HostException if there is none, or it is too old
     */
    public PostgresVersion version() throws InterruptedException {
        try {
            return PostgresVersion.parse(run(QUICK, "postgres", "--version").output());
        } catch (IllegalArgumentException e) {
            throw new HostException(e.getMessage() + " (on " + host.name() + ")", e);
        }
    }

    /** Where things lie. */
    public PostgresLayout layout() {
        return layout;
    }

    /** Creates the directories beside the data directory. */
    public void prepare() throws InterruptedException {
        run(
                QUICK,
                "mkdir",
                "-p",
                "-m",
                "0700",
                layout.configuration(),
                layout.sockets(),
                layout.logs(),
                layout.memory());
    }

    /** Whether there is a data directory with anything in it, in whatever state. */
    public boolean exists() throws InterruptedException {
        return !host.run(
                        Command.of(QUICK, "find", layout.data(), "-maxdepth", "1", "-mindepth", "1", "-print", "-quit"))
                .output()
                .isBlank();
    }

    /**
     * Whether the data directory is whole, as far as that can be told from outside; what pg_rewind has left half done looks
     * so too.
     *
     * @return what is wrong with it, as half a sentence; empty if nothing is known to be
     */
    public Optional<String> damage() throws InterruptedException {
        for (String vital : List.of("/PG_VERSION", "/global/pg_control", "/pg_wal")) {
            if (!host.run(Command.of(QUICK, "test", "-e", layout.data() + vital))
                    .succeeded()) {
                return Optional.of("it has no " + vital.substring(1));
            }
        }
        try {
            control();
            return Optional.empty();
        } catch (HostException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Whether it is a copy that has never been started: recovery begins where its label says, and what its control file says
     * is another server's.
     */
    public boolean neverStarted() throws InterruptedException {
        return host.run(Command.of(QUICK, "test", "-e", layout.data() + "/backup_label"))
                .succeeded();
    }

    /**
     * Marks by which one can tell afterwards what became of a data directory.
     *
     * @param directory the directory's inode: it changes when the directory is replaced, and only then; empty if there is
     *     no directory
     * @param label what the latest {@code backup_label} says of its making, and when it was made: both pg_rewind and
     *     pg_basebackup leave one; empty if there is none
     * @param clean whether the directory was left in good order
     */
    public record Marks(String directory, String label, boolean clean) {

        /**
         * Which way a member has gone, and by what that is known, without a look at what it meant to do: for example
         * {@code rewind: the directory was kept, a backup label of pg_rewind is new}.
         *
         * @param before the marks before
         * @param after the marks after
         */
        public static String evidence(Marks before, Marks after) {
            if (!before.directory().equals(after.directory())) {
                return "copy: the data directory is another one";
            }
            if (!before.label().equals(after.label())) {
                return after.label().contains("pg_rewind")
                        ? "rewind: the directory was kept, a backup label of pg_rewind is new"
                        : "unknown: the directory was kept, yet it has a new backup label: " + after.label();
            }
            return before.clean()
                    ? "follow: the directory was kept, no backup label is new, and it had been left in good order"
                    : "recover: the directory was kept, no backup label is new, and it had been left by a crash";
        }
    }

    /** The marks of the data directory as it is now. */
    public Marks marks() throws InterruptedException {
        CommandResult directory = host.run(Command.of(QUICK, "stat", "-c", "%i", layout.data()));
        if (!directory.succeeded()) {
            return new Marks("", "", true);
        }
        boolean clean;
        try {
            clean = control().state().clean();
        } catch (HostException e) {
            clean = false;
        }
        String label = layout.data() + "/backup_label.old";
        CommandResult made = host.run(Command.of(QUICK, "stat", "-c", "%y", label));
        String method = made.succeeded() ? lineOf(new String(host.get(label), UTF_8), "BACKUP METHOD") : "";
        return new Marks(directory.output().strip(), (made.output().strip() + " " + method).strip(), clean);
    }

    private static String lineOf(String content, String name) {
        return content.lines().filter(line -> line.startsWith(name)).findFirst().orElse("");
    }

    /**
     * Creates a new data directory with data checksums. Nothing is left behind when it fails. What an earlier initialisation
     * has left that was never {@linkplain #recorded() recorded} is kept aside.
     *
     * @param superuser the name of the superuser
     * @param password the superuser's password
     * @throws HostException if there are data here that no initialisation has left
     */
    public void initialize(String superuser, String password) throws InterruptedException {
        String passwordFile = layout.memory() + "/new-password";
        host.put(passwordFile, password.getBytes(UTF_8), user, PRIVATE);
        try {
            run(QUICK, "rm", "-rf", layout.draft());
            run(
                    Duration.ofMinutes(5),
                    "initdb",
                    "--pgdata=" + layout.draft(),
                    "--username=" + superuser,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--data-checksums",
                    "--no-sync",
                    "--no-instructions");
            flush(layout.draft());
            makeWay();
            // Named before it is in its place: what is there is either named here, or not of this making.
            host.put(
                    layout.unrecordedFile(),
                    control(layout.draft()).systemIdentifier().getBytes(UTF_8),
                    user,
                    PRIVATE);
            install();
        } finally {
            run(QUICK, "rm", "-f", passwordFile);
        }
    }

    /**
     * Puts aside what an earlier initialisation has left. That is for good before the next one is named: were the name
     * overwritten first, a crash between the two would leave data that nobody knows to be without worth.
     */
    private void makeWay() throws InterruptedException {
        if (unrecorded()) {
            salvage.putAside(Instant.now(), "its initialisation was never recorded");
            run(QUICK, "sync", layout.base());
        } else if (exists()) {
            throw new HostException("On " + host.name() + " there are data in " + layout.data()
                    + " that the cluster has no record of; move them away, or give the cluster's arbiters back"
                    + " what they knew.");
        }
    }

    /**
     * Whether the data here are of an initialisation that is not known to be on the cluster's record. No client has ever
     * written to them.
     */
    public boolean unrecorded() throws InterruptedException {
        if (!host.run(Command.of(QUICK, "test", "-s", layout.unrecordedFile())).succeeded()) {
            return false;
        }
        try {
            return control().systemIdentifier().equals(new String(host.get(layout.unrecordedFile()), UTF_8).strip());
        } catch (HostException e) {
            return false;
        }
    }

    /** Notes for good, before the first client may write, that the cluster's record speaks of these data. */
    public void recorded() throws InterruptedException {
        run(QUICK, "rm", "-f", layout.unrecordedFile());
        run(QUICK, "sync", layout.base());
    }

    /**
     * What the data directory says of itself.
     *
     * @throws HostException if its control file is damaged
     */
    public ControlData control() throws InterruptedException {
        return control(layout.data());
    }

    private ControlData control(String directory) throws InterruptedException {
        CommandResult said = run(QUICK, "pg_controldata", "--pgdata=" + directory);
        try {
            return ControlData.parse(said.output() + said.errors());
        } catch (IllegalArgumentException e) {
            throw new HostException("On " + host.name() + ": " + e.getMessage(), e);
        }
    }

    /** The ancestry of a timeline this directory has been on. */
    public TimelineHistory history(int timeline) throws InterruptedException {
        if (timeline == 1) {
            return TimelineHistory.first();
        }
        byte[] content = host.get(layout.data() + "/pg_wal/" + TimelineHistory.fileName(timeline));
        return TimelineHistory.parse(timeline, new String(content, UTF_8));
    }

    /**
     * Where the record of the shutdown checkpoint ends, if the directory was a primary's and was left in good order. The
     * control file names only its start.
     *
     * @return empty if there is none, or if the WAL that holds it cannot be read
     */
    public Optional<Lsn> endOfShutdownCheckpoint(ControlData control) throws InterruptedException {
        if (control.state() != ControlData.State.SHUT_DOWN) {
            return Optional.empty();
        }
        CommandResult dump = dump(control.timeline(), control.checkpoint(), control.segmentSize(), "--limit=1");
        Matcher length = TOTAL_LENGTH.matcher(dump.output());
        return dump.succeeded() && length.find() && dump.output().contains("CHECKPOINT_SHUTDOWN")
                ? Optional.of(WalLayout.endOfRecord(
                        control.checkpoint(), Integer.parseInt(length.group(1)), control.segmentSize()))
                : Optional.empty();
    }

    /**
     * The farthest timeline that this directory has anything of. Its control file may know of earlier ones only: a standby
     * may have received WAL of a later timeline, and replayed it, without having written a data page since; and a
     * promotion that was cut short leaves a history and WAL of the timeline that it was about to begin.
     */
    public int farthestTimeline(ControlData control) throws InterruptedException {
        int farthest = control.latestTimeline();
        for (String name : run(QUICK, "ls", layout.data() + "/pg_wal").output().split("\\R")) {
            Matcher file = OF_TIMELINE.matcher(name);
            if (file.matches()) {
                farthest = Math.max(farthest, Integer.parseInt(file.group(1), HEXADECIMAL));
            }
        }
        return farthest;
    }

    /**
     * Where the WAL ends on a timeline. That is looked for from the last checkpoint on, or, if the timeline is a later
     * one, from the position that recovery is known to have reached there, or from the timeline's beginning.
     *
     * @param history the ancestry of the {@linkplain #farthestTimeline farthest timeline}
     * @return empty if that WAL cannot be read
     */
    public Optional<Lsn> endOfWal(ControlData control, TimelineHistory history) throws InterruptedException {
        int timeline = history.timeline();
        Optional<Lsn> known = timeline == control.timeline()
                ? Optional.empty()
                : Optional.of(
                        timeline == control.minimumRecoveryTimeline()
                                ? control.minimumRecoveryEnd()
                                : history.beginning());
        // pg_waldump ends with an error where the WAL ends; that is how the end is found.
        Matcher record = LAST_RECORD.matcher(dump(timeline, known.orElse(control.checkpoint()), control.segmentSize())
                .output());
        Optional<Lsn> end = known;
        while (record.find()) {
            end = Optional.of(WalLayout.endOfRecord(
                    Lsn.parse(record.group(2)), Integer.parseInt(record.group(1)), control.segmentSize()));
        }
        return end;
    }

    /**
     * Reads WAL from a position on. The files are named: left to itself, pg_waldump takes the size of a segment from whatever
     * file it happens on first, and refuses if that is one which was made in advance and has nothing in it yet.
     */
    private CommandResult dump(int timeline, Lsn start, int segmentSize, String... options)
            throws InterruptedException {
        String first = WalLayout.fileName(timeline, start, segmentSize);
        String last = run(QUICK, "ls", layout.data() + "/pg_wal")
                .output()
                .lines()
                .filter(name -> name.length() == first.length()
                        && name.regionMatches(0, first, 0, WalLayout.TIMELINE_DIGITS)
                        && name.compareTo(first) > 0)
                .max(Comparator.naturalOrder())
                .orElse(first);
        List<String> arguments =
                new ArrayList<>(List.of("pg_waldump", "--path=" + layout.data() + "/pg_wal", "--start=" + start));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(first, last));
        return host.run(new Command(arguments, Map.of("LC_ALL", "C"), LONG));
    }

    /** Makes PostgreSQL start as a standby the next time. */
    public void markAsStandby() throws InterruptedException {
        host.put(layout.data() + STANDBY_SIGNAL, new byte[0], user, PRIVATE);
    }

    /** Whether a pg_rewind was begun whose work is not known to be whole. */
    public boolean rewindInterrupted() throws InterruptedException {
        return host.run(Command.of(QUICK, "test", "-e", layout.rewindSentinel()))
                .succeeded();
    }

    /** Records that the directory is known to be whole again. */
    public void confirmWhole() throws InterruptedException {
        run(QUICK, "rm", "-f", layout.rewindSentinel());
        run(QUICK, "sync", layout.memory());
    }

    /**
     * Takes back with pg_rewind what the source never had. Until {@link #confirmWhole()} the directory counts as half
     * done.
     *
     * @param source the primary to rewind to
     * @return the last line that pg_rewind wrote
     */
    public String rewind(ConnectionInfo source) throws InterruptedException {
        host.put(layout.rewindSentinel(), "pg_rewind\n".getBytes(UTF_8), user, PRIVATE);
        // pg_rewind has a crashed directory recovered by a single-user server, which refuses to be a standby.
        run(QUICK, "rm", "-f", layout.data() + STANDBY_SIGNAL);
        CommandResult result = host.run(new Command(
                        List.of(
                                "pg_rewind",
                                "--target-pgdata=" + layout.data(),
                                "--no-sync",
                                "--source-server=" + source.with("options", "-csynchronous_commit=off"),
                                "--config-file=" + layout.configurationFile()),
                        Map.of("LC_ALL", "C", "PGPASSFILE", layout.passwordFile()),
                        LONG))
                .orFail();
        flush(layout.data());
        // Slots belong to the server that made them: those that were here guard positions of a history that is gone.
        run(QUICK, "find", layout.data() + "/pg_replslot", "-mindepth", "1", "-delete");
        String[] lines = (result.output() + result.errors()).strip().split("\\R");
        return lines[lines.length - 1];
    }

    /**
     * Copies everything anew from the primary. What was here is kept aside, unless its room is needed.
     *
     * @param source the primary
     * @param slot the replication slot on the primary that keeps the WAL needed
     * @param needed how many bytes the copy is expected to take; 0 if that is not known
     * @param reason why it is copied anew
     * @return which of the directories kept for salvage, this one included, were dropped
     */
    public List<String> copy(ConnectionInfo source, String slot, long needed, String reason)
            throws InterruptedException {
        run(LONG, "rm", "-rf", layout.draft());
        List<String> dropped = new ArrayList<>(salvage.makeRoom(needed));
        CommandResult result = host.run(new Command(
                List.of(
                        "pg_basebackup",
                        "--pgdata=" + layout.draft(),
                        "--dbname=" + source,
                        "--wal-method=stream",
                        "--slot=" + slot,
                        "--checkpoint=fast",
                        "--no-sync",
                        "--no-password"),
                Map.of("LC_ALL", "C", "PGPASSFILE", layout.passwordFile()),
                LONG));
        result.orFail();
        flush(layout.draft());
        if (exists()) {
            dropped.addAll(salvage.putAside(Instant.now(), reason));
        }
        install();
        confirmWhole();
        return dropped;
    }

    /**
     * Makes all of a directory durable. PostgreSQL's programs would do so file by file, which takes seconds where each
     * flush takes half a millisecond; the file system does it in one go. It reports what it could not write, as they do.
     */
    private void flush(String directory) throws InterruptedException {
        run(LONG, "sync", "--file-system", directory);
    }

    /** Puts the complete new directory in its place, for good. */
    private void install() throws InterruptedException {
        // An empty directory in its place gives way.
        run(QUICK, "mv", "-T", layout.draft(), layout.data());
        run(QUICK, "sync", layout.data() + "/..");
    }

    /** Writes the settings that stay, the access rules, and the passwords that this member's own connections use. */
    public void configure(Map<String, String> settings, List<String> accessRules, String passwords)
            throws InterruptedException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("hba_file", layout.accessFile());
        all.put("unix_socket_directories", layout.sockets());
        String content = settingsFile(all) + "include '" + layout.roleFile() + "'\n";
        host.put(layout.configurationFile(), content.getBytes(UTF_8), user, PRIVATE);
        host.put(layout.accessFile(), (String.join("\n", accessRules) + "\n").getBytes(UTF_8), user, PRIVATE);
        host.put(layout.passwordFile(), passwords.getBytes(UTF_8), user, PRIVATE);
    }

    /**
     * Writes what TLS needs.
     *
     * @param authority the certificate of the authority that this member trusts, in PEM
     * @param certificate this member's certificate, in PEM
     * @param key this member's private key, in PEM
     */
    public void configureTls(String authority, String certificate, String key) throws InterruptedException {
        host.put(layout.authorityFile(), authority.getBytes(UTF_8), user, PRIVATE);
        host.put(layout.certificateFile(), certificate.getBytes(UTF_8), user, PRIVATE);
        host.put(layout.keyFile(), key.getBytes(UTF_8), user, PRIVATE);
    }

    /** Writes the settings that change with the member's role. A running server must be told to read them. */
    public void configureRole(Map<String, String> settings) throws InterruptedException {
        host.put(layout.roleFile(), settingsFile(settings).getBytes(UTF_8), user, PRIVATE);
    }

    private static String settingsFile(Map<String, String> settings) {
        StringBuilder content = new StringBuilder();
        new TreeMap<>(settings)
                .forEach((name, value) -> content.append(name)
                        .append(" = '")
                        .append(value.replace("'", "''"))
                        .append("'\n"));
        return content.toString();
    }

    private CommandResult run(Duration limit, String... arguments) throws InterruptedException {
        return host.run(new Command(List.of(arguments), Map.of("LC_ALL", "C"), limit))
                .orFail();
    }
}
