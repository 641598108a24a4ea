package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The power button of a machine: kill, stop, start, freeze. Its disk outlives all of these.
 *
 * <p>Every method returns once the engine confirms the effect, and otherwise throws {@link HostException} saying what
 * was seen instead. Safe for use by several threads.
 */
public final class Machine {

    /** How long a machine may take to be seen dead or alive after the engine has taken the order. */
    private static final Duration EFFECT = Duration.ofSeconds(10);

    private static final Duration BOOT = Duration.ofSeconds(20);

    private static final long NANO = 1_000_000_000L;

    private final ContainerHost container;
    private final Optional<GuestHost> guest;
    private final Engine engine;
    private final boolean limitedVolume;

    /** @param limitedVolume whether its data volume has a size of its own */
    Machine(ContainerHost container, Engine engine, boolean limitedVolume) {
        this(container, Optional.empty(), engine, limitedVolume);
    }

    /** A machine with a kernel of its own, whose container holds nothing but it. */
    Machine(ContainerHost container, GuestHost guest, Engine engine) {
        this(container, Optional.of(guest), engine, false);
    }

    private Machine(ContainerHost container, Optional<GuestHost> guest, Engine engine, boolean limitedVolume) {
        this.container = container;
        this.guest = guest;
        this.engine = engine;
        this.limitedVolume = limitedVolume;
    }

    /**
     * What the engine says of a machine.
     *
     * @param status the engine's own word: running, paused, exited, ...
     * @param running whether it runs, or would if it were not paused
     * @param paused whether it is frozen
     * @param exitStatus the exit status of its process 1; meaningless while it runs
     * @param startedAt when it last started, by the engine's clock
     * @param finishedAt when it last ended, by the engine's clock; the epoch's beginning if never
     */
    public record State(
            String status, boolean running, boolean paused, long exitStatus, Instant startedAt, Instant finishedAt) {}

    /** The machine's name. */
    public String name() {
        return container.name();
    }

    /** The door to the machine. */
    public Host host() {
        return guest.isPresent() ? guest.get() : container;
    }

    /** The container that is the machine, or that holds it. */
    ContainerHost container() {
        return container;
    }

    /** Whether its kernel is its own, so that a kill loses what had not been flushed to its disks. */
    public boolean hasOwnKernel() {
        return guest.isPresent();
    }

    /** Whether its data volume can be filled without filling the engine's own disk. */
    public boolean hasLimitedVolume() {
        return limitedVolume;
    }

    /**
     * What the machine may use.
     *
     * @param processors of how many processors' time; a fraction is meant as it stands
     * @param memoryBytes how much memory
     */
    public record Share(double processors, long memoryBytes) {}

    /** As much as the engine's machine has: no limit at all. */
    public Share wholeShare() throws InterruptedException {
        return engine.call("the engine's size", () -> {
            Info info = engine.docker().infoCmd().exec();
            Integer processors = info.getNCPU();
            Long memory = info.getMemTotal();
            if (processors == null || memory == null) {
                throw new EnvironmentException(
                        "The engine does not say how many processors and how much memory it has.");
            }
            return new Share(processors, memory);
        });
    }

    /** Sets what it may use from now on, and returns what the engine then says it may use. */
    public Share limit(Share share) throws InterruptedException {
        order(
                "limit",
                Engine.CALL,
                () -> engine.docker()
                        .updateContainerCmd(container.containerId())
                        .withNanoCPUs(Math.round(share.processors() * NANO))
                        .withMemory(share.memoryBytes())
                        .withMemorySwap(share.memoryBytes())
                        .exec());
        HostConfig seen = container.inspect().getHostConfig();
        Long nanos = seen.getNanoCPUs();
        Long memory = seen.getMemory();
        return new Share(nanos == null ? 0 : nanos / (double) NANO, memory == null ? 0 : memory);
    }

    /** What the engine says of it now. */
    public State state() throws InterruptedException {
        InspectContainerResponse.ContainerState state = container.inspect().getState();
        Long exit = state.getExitCodeLong();
        return new State(
                String.valueOf(state.getStatus()),
                Boolean.TRUE.equals(state.getRunning()),
                Boolean.TRUE.equals(state.getPaused()),
                exit == null ? -1 : exit,
                instant(state.getStartedAt()),
                instant(state.getFinishedAt()));
    }

    private static Instant instant(@org.jspecify.annotations.Nullable String text) {
        try {
            Instant parsed = text == null ? Instant.EPOCH : Instant.parse(text);
            return parsed.isBefore(Instant.EPOCH) ? Instant.EPOCH : parsed;
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /**
     * Kills every process of the machine at once. What was handed to its disk stays: all that was written, or, with a kernel of
     * its own, what had been flushed.
     */
    public State kill() throws InterruptedException {
        order(
                "kill",
                Engine.CALL,
                () -> engine.docker()
                        .killContainerCmd(container.containerId())
                        .withSignal("KILL")
                        .exec());
        return awaitEnd();
    }

    /**
     * Shuts the machine down: SIGTERM to its process 1, and SIGKILL to everything if that takes too long.
     *
     * @param limit how long the ordinary shutdown may take; whole seconds
     */
    public State stop(Duration limit) throws InterruptedException {
        order(
                "stop",
                limit.plus(Engine.CALL),
                () -> engine.docker()
                        .stopContainerCmd(container.containerId())
                        .withTimeout((int) limit.toSeconds())
                        .exec());
        return awaitEnd();
    }

    /** Starts the machine with the disk it had, and waits until its init takes orders. */
    public State start() throws InterruptedException {
        powerOn();
        awaitBooted();
        return state();
    }

    /** Starts the machine with the disk it had, and returns once the engine says that it runs. */
    public void powerOn() throws InterruptedException {
        // It may come back with another address, and the connection to what it was leads nowhere.
        guest.ifPresent(GuestHost::forget);
        order(
                "start",
                Engine.CALL,
                () -> engine.docker().startContainerCmd(container.containerId()).exec());
    }

    /** Waits until a machine that has been switched on takes orders. */
    void awaitBooted() throws InterruptedException {
        if (guest.isPresent()) {
            guest.get().awaitBooted();
        } else {
            container.run(Command.of(BOOT, "true")).orFail();
        }
    }

    /** Freezes every process of the machine; its connections stay open and silent. */
    public State pause() throws InterruptedException {
        order(
                "freeze",
                Engine.CALL,
                () -> engine.docker().pauseContainerCmd(container.containerId()).exec());
        return awaitState("frozen", State::paused);
    }

    /** Lets a frozen machine go on. */
    public State unpause() throws InterruptedException {
        order(
                "thaw",
                Engine.CALL,
                () -> engine.docker()
                        .unpauseContainerCmd(container.containerId())
                        .exec());
        return awaitState("running", state -> state.running() && !state.paused());
    }

    /**
     * Lets the machine's disks carry out only so many reads and writes a second from now on. Only where it has a kernel, and so
     * disks, of its own.
     *
     * @param operations how many, at least 1; empty for as many as they can
     * @return what each of its disks may do then, in QEMU's words
     * @throws HostException if that was not to be had
     */
    public List<String> limitDisks(OptionalInt operations) throws InterruptedException {
        if (!hasOwnKernel()) {
            throw new IllegalStateException("The machine " + name() + " has no disks of its own.");
        }
        String most = Integer.toString(operations.orElse(0));
        List<String> limits = new ArrayList<>();
        for (String disk : guest.orElseThrow().disks()) {
            monitor("block_set_io_throttle", disk, "0", "0", "0", most, "0", "0");
            limits.add(disk + ": "
                    + monitor("info", "block", disk)
                            .lines()
                            .map(String::strip)
                            .filter(line -> line.startsWith("I/O throttling:"))
                            .findFirst()
                            .orElse("not limited"));
        }
        return List.copyOf(limits);
    }

    /** Sets the machine's clock to this process's time. Only where it has a kernel, and so a clock, of its own. */
    public void setClock() throws InterruptedException {
        guest.orElseThrow(() -> new IllegalStateException("The machine " + name() + " has no clock of its own."))
                .setClock();
    }

    String monitor(String... words) throws InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "guest-monitor";
        System.arraycopy(words, 0, command, 1, words.length);
        return container.run(Command.of(BOOT, command)).orFail().output();
    }

    /** Lets go of what this process holds of it. */
    void letGo() {
        guest.ifPresent(GuestHost::close);
    }

    private State awaitEnd() throws InterruptedException {
        return awaitState("not running", state -> !state.running());
    }

    private State awaitState(String wanted, java.util.function.Predicate<State> condition) throws InterruptedException {
        long deadline = System.nanoTime() + EFFECT.toNanos();
        State state = state();
        while (!condition.test(state)) {
            if (System.nanoTime() > deadline) {
                throw new HostException("Waited " + Bounded.seconds(EFFECT) + " for " + name() + " to be " + wanted
                        + "; the engine says it is " + state.status() + ".");
            }
            Thread.sleep(2);
            state = state();
        }
        return state;
    }

    private void order(String what, Duration limit, Bounded.Action action) throws InterruptedException {
        try {
            engine.bounded().run("the engine to " + what + " " + name(), limit, action);
        } catch (NotModifiedException e) {
            throw new HostException(
                    "The machine " + name() + " could not be told to " + what + ": it already was in that state.", e);
        } catch (DockerException | EnvironmentException e) {
            throw new HostException("The engine did not " + what + " " + name() + ": " + e.getMessage() + ".", e);
        }
    }
}
