package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdRules.Promotion;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A resource of DRBD on one machine: what {@link DrbdRules} allows is done here, through a {@link Host}. Needs
 * {@code drbd-utils} there, the kernel's module {@code drbd} in version 8.4, and root.
 *
 * <p>Nothing is cached: what counts is what DRBD says at the moment. Safe for use by several threads, as far as DRBD is.
 */
public final class DrbdResource {

    private static final String PROC = "/proc/drbd";
    /** In the handler's command line, and not in that of who looks for it. */
    private static final String HANDLER = "[f]ence-peer";

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration COPY = Duration.ofMinutes(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** How much longer than DRBD's own detection a promotion is tried: the module notices between two of its timers. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    /**
     * Keeps the victim's data as a file before it is given up: what was acknowledged there is on this disk alone. The copy is
     * made while nobody uses the device, and is on disk under its last name or not there.
     */
    private static final String SALVAGE = """
            set -e
            mkdir -p "${2%/*}"
            dd if="$1" of="$2.part" bs=1M conv=sparse,fsync status=none
            mv "$2.part" "$2"
            sync "${2%/*}"
            """;

    private final Host host;
    private final DrbdConfig config;

    /** @param config the resource as the file on this machine has it */
    public DrbdResource(Host host, DrbdConfig config) {
        this.host = host;
        this.config = config;
    }

    /** Writes the resource file and makes a disk that DRBD has never seen ready for it. What lies there is lost. */
    public void create() throws InterruptedException {
        host.run(Command.of(LIMIT, "modprobe", "drbd")).orFail();
        host.put(config.file(), config.render().getBytes(StandardCharsets.UTF_8), "root", 0644);
        drbdadm("create-md", "--force").orFail();
    }

    /** Writes the resource file anew, for a disk that is DRBD's already, and lets a device that is up follow it. */
    public void configure() throws InterruptedException {
        host.put(config.file(), config.render().getBytes(StandardCharsets.UTF_8), "root", 0644);
        drbdadm("adjust").orFail();
    }

    /** Puts the device up; it looks for the other machine from now on. A device that is up stays so. */
    public void up() throws InterruptedException {
        host.run(Command.of(LIMIT, "modprobe", "drbd")).orFail();
        drbdadm("adjust").orFail();
    }

    /**
     * Declares two disks that were made just now, and on which nothing has been written, to be alike. Wanted once, on one of the
     * two, when they are connected; without it all of the disk is copied first.
     */
    public void declareAlike() throws InterruptedException {
        drbdadm("new-current-uuid", "--clear-bitmap").orFail();
    }

    /** What DRBD says now. */
    public DrbdStatus status() throws InterruptedException {
        try {
            // On the machine itself this takes no process.
            return DrbdStatus.parse(new String(host.get(PROC), StandardCharsets.UTF_8), config.minor());
        } catch (HostException e) {
            // Whether the module is not loaded or the machine is not reached is told apart below.
        }
        CommandResult said = host.run(Command.of(LIMIT, "cat", PROC));
        return said.succeeded() ? DrbdStatus.parse(said.output(), config.minor()) : DrbdStatus.unconfigured();
    }

    /** The numbers by which the data here is known. */
    public GenerationIds generations() throws InterruptedException {
        return GenerationIds.parse(drbdadm("get-gi").orFail().output());
    }

    /**
     * Waits until DRBD says something.
     *
     * @throws HaException if it does not in time; with what it says instead
     */
    public DrbdStatus await(String what, Duration limit, Predicate<DrbdStatus> condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            DrbdStatus status = status();
            if (condition.test(status)) {
                return status;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new HaException("Waited " + limit.toMillis() + " ms on " + host.name() + " for " + what
                        + "; DRBD says: " + status + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /**
     * Makes this machine primary, as soon as the rules allow. It is tried for longer than DRBD may take a dead peer for
     * primary.
     *
     * @param peer what is known of the other machine beside what DRBD says
     * @throws HaException if it may not be made primary; with the reason
     */
    public void promote(PeerKnowledge peer) throws InterruptedException {
        Duration patience = config.timeouts().detection().plus(MARGIN);
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Promotion allowed = DrbdRules.promotion(status(), config.fencing(), peer);
            if (allowed instanceof Promotion.Done) {
                return;
            }
            if (allowed instanceof Promotion.Never never) {
                throw new HaException(host.name() + " may not be made primary: " + never.why() + ".");
            }
            String why = "";
            if (allowed instanceof Promotion.Later later) {
                why = later.why();
            } else {
                CommandResult tried = drbdadm("primary");
                if (tried.succeeded()) {
                    return;
                }
                why = tried.describe();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new HaException(
                        "Tried for " + patience.toMillis() + " ms to make " + host.name() + " primary: " + why + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /** Makes this machine secondary. The device must not be in use. */
    public void demote() throws InterruptedException {
        drbdadm("secondary").orFail();
    }

    /** Whether DRBD has called its handler {@code fence-peer}, and waits for what it says. */
    public boolean handlerRuns() throws InterruptedException {
        return host.run(Command.of(LIMIT, "pgrep", "-f", HANDLER)).succeeded();
    }

    /**
     * Lets writes go on that stand still because the other machine is not heard. Not while the handler runs, nor right after it:
     * what DRBD does of itself when the handler has succeeded and what it does on this order both begin a new generation of the
     * data, and if both do, the generation that the other machine has is forgotten. When the two meet again they count as
     * unrelated, and DRBD gives the connection up (Linux, {@code drbd_state.c}, {@code after_conn_state_ch}, and
     * {@code drbd_nl.c}, {@code drbd_adm_resume_io}: each looks whether a new generation is due, and nothing keeps them apart).
     */
    public void resume() throws InterruptedException {
        drbdadm("resume-io").orFail();
    }

    /** Looks for the other machine again, after this one has given it up. */
    public void connect() throws InterruptedException {
        if (!status().connection().hearsPeer()) {
            drbdadm("connect");
        }
    }

    /**
     * Gives up what was written here since the two went separate ways, and takes over what the other machine has. The data as it
     * is now is first kept in a file.
     *
     * @param salvage an absolute path for that file, where there is room for it
     * @throws HaException if this machine is primary, or hears the other one: then there is nothing to resolve
     */
    public void giveUp(String salvage) throws InterruptedException {
        DrbdStatus status = status();
        if (status.role() == Role.PRIMARY) {
            throw new HaException(host.name()
                    + " is Primary; stop what uses its disk and make it Secondary before its data" + " is given up.");
        }
        if (status.connection().hearsPeer()) {
            throw new HaException(host.name() + " hears the other machine (" + status + "); there is no split brain to"
                    + " resolve.");
        }
        drbdadm("disconnect");
        host.run(Command.of(COPY, "sh", "-c", SALVAGE, "salvage", config.disk(), salvage))
                .orFail();
        drbdadm("connect", "--discard-my-data").orFail();
    }

    /**
     * Has both disks read and compared, block by block, and tells how much differs.
     *
     * @param limit how long that may take
     * @return how many kilobytes differ; 0 if the disks are equal
     */
    public long verify(Duration limit) throws InterruptedException {
        drbdadm("verify").orFail();
        return await(
                        "the comparison of the disks to end",
                        limit,
                        status -> status.connection() != DrbdStatus.Connection.VERIFY_SOURCE
                                && status.connection() != DrbdStatus.Connection.VERIFY_TARGET)
                .outOfSyncKilobytes();
    }

    private CommandResult drbdadm(String order, String... options) throws InterruptedException {
        String[] command = new String[options.length + 3];
        command[0] = "drbdadm";
        command[1] = order;
        System.arraycopy(options, 0, command, 2, options.length);
        command[command.length - 1] = config.resource();
        return host.run(Command.of(LIMIT, command));
    }
}
