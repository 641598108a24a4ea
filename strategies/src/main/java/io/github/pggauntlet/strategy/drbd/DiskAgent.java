package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.TurnRules.Order;
import io.github.pggauntlet.strategy.drbd.TurnRules.Server;
import io.github.pggauntlet.strategy.drbd.TurnRules.View;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.ucarp.AddressTurn;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Looks after the disk and the PostgreSQL of one machine: looks, has {@link TurnRules} decide, acts, and writes down what it
 * has done. One thread runs it; what it knows may be asked for by others.
 */
final class DiskAgent {

    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** So often a file system that is in use is tried to be unmounted before the machine goes down. */
    private static final int UNMOUNT_TRIES = 5;

    private static final String SALVAGE = "/var/lib/gauntlet/salvage";
    private static final String LOG = "/var/lib/gauntlet/log/postgresql.log";

    private final AgentSettings settings;
    private final Fencing fencing;
    private final DrbdResource resource;
    private final MountedServer server;
    private final AddressTurn turns;
    private final Kernel kernel;
    private final DiskJournal journal;
    private final Return comeback;
    private final Fence fence;

    // What is known of the present turn; used by the agent's own thread alone.
    private String turn = "";
    private boolean givenUp;
    private boolean started;
    private boolean served;
    private boolean redundant;
    private boolean heard;
    private int unmountsFailed;
    private String failure = "";
    private final Map<String, Instant> reached = new HashMap<>();

    private volatile Order order = new Order(TurnRules.Step.AWAIT, "the agent has just started");
    private volatile OptionalInt timeline = OptionalInt.empty();

    DiskAgent(
            AgentSettings settings,
            Fencing fencing,
            DrbdResource resource,
            MountedServer server,
            AddressTurn turns,
            Kernel kernel,
            DiskJournal journal,
            Return comeback,
            Fence fence) {
        this.settings = settings;
        this.fencing = fencing;
        this.resource = resource;
        this.server = server;
        this.turns = turns;
        this.kernel = kernel;
        this.journal = journal;
        this.comeback = comeback;
        this.fence = fence;
    }

    /** Goes on until the thread is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            try {
                step();
                failure = "";
                Thread.sleep(PERIOD.toMillis());
            } catch (HaException | HostException | IllegalStateException e) {
                // The same failure, tick after tick, is told once.
                String said = String.valueOf(e.getMessage());
                if (!said.equals(failure)) {
                    failure = said;
                    journal.add(
                            Milestone.STEP_FAILED, Map.of("step", order.step().name(), "why", said));
                }
                Thread.sleep(AFTER_FAILURE.toMillis());
            }
        }
    }

    /** Climbs down for good, whatever ucarp says. Between two steps of the agent's own thread, never in the midst of one. */
    synchronized void leave() throws InterruptedException {
        while (order.step() != TurnRules.Step.REST) {
            DrbdStatus disk = resource.status();
            order = TurnRules.next(
                    new View(false, disk, server.mounted(), server.server(), started), fencing, PeerKnowledge.UNKNOWN);
            if (order.step() != TurnRules.Step.REST) {
                act(order, disk, PeerKnowledge.UNKNOWN);
            }
        }
        journal.add(Milestone.AGENT_STOPPED, Map.of());
    }

    private synchronized void step() throws InterruptedException {
        Optional<String> current = turns.current();
        if (!current.orElse("").equals(turn)) {
            begin(current.orElse(""));
        }
        DrbdStatus disk = resource.status();
        if (server.orphaned()) {
            server.killOrphans();
        }
        if (fence.lost(disk)) {
            fall("the other machine writes, and this one does not hear it");
        }
        fence.seek(disk);
        boolean master = current.isPresent() && !givenUp;
        PeerKnowledge peer = master ? fence.beforePromotion(disk) : PeerKnowledge.UNKNOWN;
        Order next = TurnRules.next(new View(master, disk, server.mounted(), server.server(), started), fencing, peer);
        order = next;
        tell(disk);
        act(next, disk, peer);
    }

    private void begin(String newTurn) {
        turn = newTurn;
        givenUp = false;
        started = false;
        served = false;
        reached.clear();
        if (!newTurn.isEmpty()) {
            journal.add(Milestone.ELECTED, Map.of("by", "ucarp", "turn", newTurn));
        }
    }

    /** What the disk's state says to an operator. */
    private void tell(DrbdStatus disk) {
        boolean hears = disk.connection().hearsPeer();
        if (heard && !hears) {
            journal.add(
                    Milestone.FAILURE_DETECTED,
                    Map.of("what", "the other machine is not heard", "drbd", disk.toString()));
        }
        heard = hears;
        boolean whole = DrbdRules.whole(disk);
        if (disk.role() == Role.PRIMARY && served && whole != redundant) {
            journal.add(
                    whole ? Milestone.REDUNDANT : Milestone.ALONE,
                    Map.of("standby", settings.other(), "drbd", disk.toString()));
        }
        redundant = whole;
    }

    private void act(Order next, DrbdStatus disk, PeerKnowledge peer) throws InterruptedException {
        switch (next.step()) {
            case PROMOTE -> promote(disk, peer);
            case MOUNT -> {
                server.mount();
                reach("mounted");
            }
            case START -> {
                comeback.over();
                server.start(LOG, settings.member());
                started = true;
                reach("started");
                journal.add(Milestone.POSTGRES_STARTED, Map.of());
            }
            case SERVE -> serve();
            case GIVE_UP -> giveUp(next.why());
            case STOP -> server.stop();
            case UNMOUNT -> unmount();
            case DEMOTE -> {
                resource.demote();
                timeline = OptionalInt.empty();
                journal.add(Milestone.DEMOTED, Map.of("drbd", resource.status().toString()));
                comeback.begin();
            }
            case REST -> rest(disk);
            case AWAIT -> {
                // What is awaited is seen, or not, at the next look.
            }
        }
    }

    private void promote(DrbdStatus disk, PeerKnowledge peer) throws InterruptedException {
        if (reached.putIfAbsent("began", Instant.now()) == null) {
            journal.add(Milestone.PROMOTION_STARTED, Map.of("drbd", disk.toString()));
        }
        resource.promote(peer);
        reach("primary");
    }

    private void reach(String step) {
        reached.putIfAbsent(step, Instant.now());
    }

    private void serve() throws InterruptedException {
        if (served) {
            return;
        }
        timeline =
                server.control().map(ControlData::timeline).map(OptionalInt::of).orElseGet(OptionalInt::empty);
        reach("recovered");
        served = true;
        Map<String, String> parts = new HashMap<>();
        Instant began = reached.getOrDefault("began", Instant.now());
        reached.forEach((step, at) -> {
            if (!step.equals("began")) {
                parts.put(
                        step + " after ms",
                        Long.toString(Duration.between(began, at).toMillis()));
            }
        });
        timeline.ifPresent(now -> parts.put("timeline", Integer.toString(now)));
        journal.add(Milestone.PROMOTED, parts);
        journal.add(Milestone.OPENED, Map.of());
    }

    /** Gives this turn up: what runs is stopped at the next looks, and ucarp is told. */
    private void giveUp(String why) {
        givenUp = true;
        if (started) {
            journal.add(Milestone.FAILURE_DETECTED, Map.of("what", why));
        } else {
            journal.add(Milestone.STEP_FAILED, Map.of("step", "PROMOTE", "why", why));
        }
        turns.giveAway(why);
    }

    /**
     * A machine that cannot unmount must not go on: DRBD cannot be made secondary under a file system that is in use, and the
     * other machine waits for it. It goes down instead.
     */
    private void unmount() throws InterruptedException {
        try {
            server.unmount();
            unmountsFailed = 0;
            journal.add(Milestone.FENCED, Map.of("what", "PostgreSQL is stopped and its file system unmounted"));
        } catch (HostException e) {
            unmountsFailed++;
            if (unmountsFailed >= UNMOUNT_TRIES) {
                fall("the file system cannot be unmounted: " + e.getMessage());
            }
            throw e;
        }
    }

    /** Ends this machine: what it still has to write must not be written. */
    private void fall(String why) {
        journal.add(Milestone.FENCED, Map.of("what", "this machine goes down: " + why));
        kernel.fall();
    }

    private void rest(DrbdStatus disk) throws InterruptedException {
        if (disk.peerRole() == Role.PRIMARY) {
            turns.taken();
        }
        comeback.look(disk);
    }

    /** An operator's order: the other machine shall take over. */
    void handOver() throws InterruptedException {
        DrbdStatus disk = resource.status();
        if (disk.role() != Role.PRIMARY || !DrbdRules.whole(disk)) {
            throw new HaException(settings.member() + " does not hand over now: " + disk
                    + "; it must be primary and the disks alike.");
        }
        turns.giveAway("an operator has ordered it");
    }

    /**
     * An operator's order after a split brain: what was written here is kept in a file, and then the other machine's data take
     * its place. Nothing else happens here meanwhile.
     */
    synchronized void discard() throws InterruptedException {
        if (turns.current().isPresent()) {
            throw new HaException(settings.member() + " gives nothing up now: ucarp says that it is master.");
        }
        String salvage = SALVAGE + "/" + DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(ZoneOffset.UTC)) + "-"
                + UUID.randomUUID() + ".img";
        resource.giveUp(salvage);
        journal.add(
                Milestone.REJOIN_PLANNED,
                Map.of("way", Return.RESYNC, "reason", "an operator has ordered it; what was here is in " + salvage));
    }

    /** An operator's order, once the other machine has given up what it had: to hear it again. */
    synchronized void connect() throws InterruptedException {
        resource.connect();
    }

    /** What it says of itself, from what is so now. */
    NodeStatus status() throws InterruptedException {
        DrbdStatus disk = resource.status();
        Server now = server.server();
        NodeRole role = role(disk, now);
        boolean primary = role == NodeRole.PRIMARY;
        boolean streaming = role == NodeRole.STANDBY
                && DrbdRules.whole(disk)
                && disk.peerRole() == Role.PRIMARY
                && comeback.isOver();
        Set<String> promotable = DrbdRules.whole(disk) && fence.free()
                ? Set.of(settings.member(), settings.other())
                : Set.of(settings.member());
        OptionalLong postmaster = server.postmaster();
        return new NodeStatus(
                settings.member(),
                Instant.now(),
                role,
                primary,
                primary ? timeline : OptionalInt.empty(),
                Optional.empty(),
                streaming,
                postmaster,
                primary ? promotable : Set.of(),
                primary,
                note(disk));
    }

    private NodeRole role(DrbdStatus disk, Server now) {
        if (disk.role() == Role.PRIMARY) {
            boolean leads = now == Server.READY && timeline.isPresent();
            return leads ? NodeRole.PRIMARY : turns.current().isPresent() ? NodeRole.PROMOTING : NodeRole.TRANSITION;
        }
        return switch (disk.disk()) {
            case UP_TO_DATE -> NodeRole.STANDBY;
            case INCONSISTENT, OUTDATED, CONSISTENT, NEGOTIATING, ATTACHING -> NodeRole.REJOINING;
            case DISKLESS, FAILED, UNKNOWN -> NodeRole.STOPPED;
        };
    }

    private String note(DrbdStatus disk) {
        String alarms = String.join("; ", DrbdRules.alarms(disk));
        Order last = order;
        return disk
                + (alarms.isEmpty() ? "" : "; ALARM: " + alarms)
                + (last.why().isEmpty() ? "" : "; " + last.why());
    }
}
