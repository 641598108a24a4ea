package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.fence.Fencer;
import io.github.pggauntlet.strategy.fence.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two machines with the real arbiters, a link between them, power switches, and in place of PostgreSQL the numbers of the
 * writes that each has. A write is acknowledged when the standby has it too, or when the primary has it on record that it is
 * alone. Says what has gone wrong as soon as it does.
 */
final class Pair {

    /** Something that happens. */
    enum Happening {
        CUT,
        HEAL,
        SWITCH_WORKS,
        SWITCH_FAILS,
        CRASH_A,
        CRASH_B,
        BOOT_A,
        BOOT_B,
        MASTER_A,
        MASTER_B,
        BACKUP_A,
        BACKUP_B,
        STEP_A,
        STEP_B,
        WRITE,
        A_SECOND,
        TEN_SECONDS
    }

    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration HEAD_START = Duration.ofSeconds(8);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final AtomicLong now = new AtomicLong(1);
    private final Map<String, Machine> machines;
    private final Set<Integer> acknowledged = new HashSet<>();
    private boolean linked = true;
    private boolean honest = true;
    private boolean switches = true;
    private int number;
    private int shots;

    /** What is on a machine. */
    private static final class Machine {
        private final String name;
        private @Nullable AddressArbiter arbiter;
        private @Nullable Lease lease;
        private boolean follows;
        private Set<Integer> rows = new HashSet<>();

        Machine(String name) {
            this.name = name;
        }

        AddressArbiter arbiter() {
            return java.util.Objects.requireNonNull(arbiter);
        }

        boolean isUp() {
            return arbiter != null;
        }
    }

    /** A pair that has been formed: a is primary, b its standby. */
    Pair(Path directory) throws InterruptedException {
        this.directory = directory;
        this.machines = Map.of("a", new Machine("a"), "b", new Machine("b"));
        boot("a");
        boot("b");
        for (Happening one : List.of(Happening.MASTER_A, Happening.STEP_A, Happening.STEP_B, Happening.STEP_A)) {
            happen(one);
        }
    }

    /** Its power switches say that a machine is off, and leave it on. */
    Pair lying() {
        honest = false;
        return this;
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int shots() {
        return shots;
    }

    Optional<String> primary() throws InterruptedException {
        for (Machine machine : List.of(at("a"), at("b"))) {
            if (holds(machine)) {
                return Optional.of(machine.name);
            }
        }
        return Optional.empty();
    }

    boolean isUp(String name) {
        return at(name).isUp();
    }

    private Machine at(String name) {
        return java.util.Objects.requireNonNull(machines.get(name));
    }

    private Machine beside(Machine machine) {
        return at(machine.name.equals("a") ? "b" : "a");
    }

    /** @throws AssertionError if an acknowledged write is lost, or two machines take writes */
    void happen(Happening what) throws InterruptedException {
        switch (what) {
            case CUT -> linked = false;
            case HEAL -> linked = true;
            case SWITCH_WORKS -> switches = true;
            case SWITCH_FAILS -> switches = false;
            case CRASH_A -> die(at("a"));
            case CRASH_B -> die(at("b"));
            case BOOT_A -> boot("a");
            case BOOT_B -> boot("b");
            case MASTER_A -> say("a", "MASTER");
            case MASTER_B -> say("b", "MASTER");
            case BACKUP_A -> say("a", "BACKUP");
            case BACKUP_B -> say("b", "BACKUP");
            case STEP_A -> step(at("a"));
            case STEP_B -> step(at("b"));
            case WRITE -> write();
            case A_SECOND -> pass(Duration.ofSeconds(1));
            case TEN_SECONDS -> pass(Duration.ofSeconds(10));
        }
    }

    private void pass(Duration time) throws InterruptedException {
        listen();
        now.addAndGet(time.toNanos());
        listen();
    }

    /** The lease is renewed all the time, and the standby asks all the time. */
    private void listen() throws InterruptedException {
        for (Machine machine : List.of(at("a"), at("b"))) {
            if (machine.isUp() && !holds(machine)) {
                machine.arbiter().read();
            }
        }
    }

    private void die(Machine machine) {
        if (machine.arbiter != null) {
            machine.arbiter.close();
        }
        machine.arbiter = null;
        machine.lease = null;
        machine.follows = false;
    }

    private void boot(String name) {
        Machine machine = at(name);
        if (machine.isUp()) {
            return;
        }
        Machine other = beside(machine);
        say(name, "BACKUP");
        Fencer fencer = member -> shoot(at(member));
        machine.arbiter = new AddressArbiter(
                new AddressArbiter.Place(name, other.name, name.equals("a"), LEASE, true),
                new AddressTurn(directory.resolve(name)),
                new LedgerFile(directory.resolve(name).resolve("ledger.json"), JSON),
                (member, question) ->
                        linked && other.isUp() ? Optional.of(other.arbiter().answer(question)) : Optional.empty(),
                () -> false,
                new PeerDeath(fencer, other.name, HEAD_START, now::get),
                now::get,
                JSON);
    }

    private Proof shoot(Machine machine) {
        shots++;
        if (!switches) {
            return new Proof.NotProven("the switch does not answer");
        }
        if (honest) {
            die(machine);
        }
        return new Proof.Dead("off");
    }

    private void say(String name, String state) {
        try {
            Files.createDirectories(directory.resolve(name));
            Files.writeString(directory.resolve(name).resolve("state"), state + " " + ++number + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a machine is primary. One that has lost its lease is none: its PostgreSQL is killed before the lease ends. */
    private boolean holds(Machine machine) throws InterruptedException {
        Lease lease = machine.lease;
        if (!machine.isUp() || lease == null) {
            return false;
        }
        if (!machine.arbiter().renew(lease)) {
            machine.lease = null;
        }
        return machine.lease != null;
    }

    private void step(Machine machine) throws InterruptedException {
        if (!machine.isUp()) {
            return;
        }
        try {
            if (holds(machine)) {
                tend(machine);
            } else {
                seek(machine);
            }
        } catch (HaException e) {
            // As an agent does: it is tried again at the next step.
            if (!String.valueOf(e.getMessage()).contains("is not known to be dead")) {
                throw e;
            }
        }
    }

    private boolean streams(Machine standby) throws InterruptedException {
        return linked && standby.isUp() && !holds(standby) && standby.follows;
    }

    private void tend(Machine primary) throws InterruptedException {
        Machine other = beside(primary);
        Lease lease = java.util.Objects.requireNonNull(primary.lease);
        Set<String> promotable = primary.arbiter().read().promotable();
        if (streams(other)) {
            other.rows = new HashSet<>(primary.rows);
            primary.arbiter().recordSuccession(lease, new Succession(Set.of("a", "b"), 1, primary.name, 1));
        } else if (promotable.contains(other.name)) {
            primary.arbiter().recordSuccession(lease, Succession.alone(primary.name, 1));
        }
    }

    private void seek(Machine machine) throws InterruptedException {
        AddressArbiter arbiter = machine.arbiter();
        Machine other = beside(machine);
        ClusterRecord seen = arbiter.read();
        machine.follows = seen.heldBy(other.name) && holds(other);
        boolean first = seen.systemIdentifier().isEmpty();
        if (seen.holder().isPresent() || !(first || seen.promotable().contains(machine.name))) {
            return;
        }
        machine.follows = false;
        Optional<Lease> lease = arbiter.acquire(machine.name, seen, LEASE);
        if (lease.isEmpty()) {
            return;
        }
        machine.lease = lease.get();
        if (holds(other)) {
            throw new AssertionError("Both are primary.");
        }
        if (!machine.rows.containsAll(acknowledged)) {
            throw new AssertionError(machine.name + " is promoted without all that was acknowledged.");
        }
        if (first) {
            arbiter.recordSystem(lease.get(), "data");
        } else {
            arbiter.recordSuccession(lease.get(), Succession.alone(machine.name, 1));
        }
    }

    private void write() throws InterruptedException {
        for (Machine machine : List.of(at("a"), at("b"))) {
            if (!holds(machine)) {
                continue;
            }
            Machine other = beside(machine);
            int row = ++number;
            machine.rows.add(row);
            if (!machine.arbiter().read().promotable().contains(other.name)) {
                acknowledged.add(row);
            } else if (streams(other)) {
                other.rows = new HashSet<>(machine.rows);
                acknowledged.add(row);
            }
        }
    }
}
