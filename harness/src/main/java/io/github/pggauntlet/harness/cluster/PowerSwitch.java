package io.github.pggauntlet.harness.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;
import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a board's controller or a power strip is to real machines: by it one machine has another one's power cut. On each machine
 * lies the {@linkplain #program() program} that a strategy is given for that.
 *
 * <p>Orders go through a pipe on the machine that a command of the engine reads from, and answers come as a file: by the engine's
 * own door to its containers, which no partition of their network touches, and which is open wherever the engine is, on this
 * computer or another. A machine is answered only when the engine has said that the other one does not run. Orders are carried
 * out one after the other; one that has been given is carried out, also if who gave it is dead by then.
 *
 * <p>Power comes back by itself after {@value #OFF_SECONDS} s, as after a power cycle, with the disk that was there. A machine
 * that was down already stays down: whoever took it down starts it again.
 */
public final class PowerSwitch {

    private static final Logger log = LoggerFactory.getLogger(PowerSwitch.class);

    private static final String PATH = "/usr/local/sbin/gauntlet-power-off";
    private static final String BOX = "/run/gauntlet-power";
    private static final int EXECUTABLE = 0755;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Longer than a primary takes to notice that its standby is gone, which is some 5 s, and to have its power cut. */
    private static final Duration HEAD_START = Duration.ofSeconds(8);

    private static final long OFF_SECONDS = 4;
    private static final long AGAIN_SECONDS = 1;
    private static final long PAUSE_MILLIS = 250;
    private static final long LONGEST_SECONDS = 90;
    private static final long END_SECONDS = 15;

    /** The answer that is a proof begins so. */
    private static final String OFF = "off";

    private static final Pattern ORDER = Pattern.compile("(\\d+-\\d+) (\\S+)");

    private static final String PROGRAM = """
            #!/bin/sh
            # gauntlet-power-off MEMBER: has the power of that member's machine cut. Ends with status 0 when it is off for
            # sure. Has no time limit of its own: whoever calls this has one.
            set -eu
            if [ $# -ne 1 ]; then
              echo "usage: gauntlet-power-off MEMBER" >&2
              exit 254
            fi
            box=%s
            if [ ! -p "$box/orders" ]; then
              echo "no power switch is connected" >&2
              exit 1
            fi
            order=$(date +%%s%%N)-$$
            echo "$order $1" >"$box/orders"
            until [ -e "$box/$order" ]; do sleep 0.05; done
            answer=$(cat "$box/$order")
            echo "$answer"
            case $answer in
              %s*) exit 0 ;;
            esac
            exit 1
            """.formatted(BOX, OFF);

    /**
     * Prints the orders as they come, for a minute: one that nobody listens to any more ends by itself. Argument: the
     * directory. The pipe is held open at both ends, so that reading never meets an end of file; who writes while nobody
     * reads waits.
     */
    private static final String LISTEN = """
            patience=200
            until [ -p /run/node-init/enable ]; do
              patience=$((patience - 1))
              [ "$patience" -gt 0 ] || exit 1
              sleep 0.05
            done
            mkdir -p "$1" || exit 1
            if [ ! -p "$1/orders" ]; then
              mkfifo -m 0620 "$1/orders.new" && chgrp postgres "$1/orders.new" && mv "$1/orders.new" "$1/orders" || exit 1
            fi
            exec timeout 60 cat <>"$1/orders"
            """;

    /** Arguments: the file, the answer. Whole or not at all. */
    private static final String ANSWER = "printf '%s\\n' \"$2\" >\"$1.new\" && mv -f \"$1.new\" \"$1\"";

    private final Engine engine;
    private final Map<String, Machine> machines;

    PowerSwitch(Engine engine, Map<String, Machine> machines) {
        this.engine = engine;
        this.machines = machines;
    }

    /** Is told what becomes of the machines' power, on a thread of the switch. */
    public interface Sink {

        /**
         * A machine's power has been cut.
         *
         * @param id a name for this
         * @param by the member that wanted it
         * @param member the member whose machine it is
         * @param from when it was certainly still on
         * @param to when it was certainly off
         * @param evidence what the engine says of the machine
         */
        void cut(String id, String by, String member, Instant from, Instant to, String evidence);

        /**
         * Its power is back.
         *
         * @param id the name of the cut
         * @param member the member
         * @param at when the engine had started the machine
         * @param evidence what the engine says of it
         */
        void restored(String id, String member, Instant at, String evidence);

        /** Something else that is worth knowing. */
        void note(String text);
    }

    /** A switch at work. */
    @FunctionalInterface
    public interface Service extends AutoCloseable {
        /** Takes no more orders. Machines that are off stay off. */
        @Override
        void close();
    }

    /** What a strategy is told to call. */
    public static FenceProgram program() {
        return new FenceProgram(List.of(PATH), LIMIT, HEAD_START);
    }

    /**
     * Puts the program on each machine and carries out orders from now on.
     *
     * @throws HostException if the program could not be put there
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Service begin(Sink sink) throws InterruptedException {
        for (Machine machine : machines.values()) {
            if (machine.hasOwnKernel()) {
                throw new EnvironmentException("The power switch cannot hear orders given inside " + machine.name()
                        + ", which has a kernel of its own; ask for either fencing or a kernel.");
            }
            machine.host().put(PATH, PROGRAM.getBytes(UTF_8), "root", EXECUTABLE);
        }
        Hand hand = new Hand(sink);
        List<Thread> listeners = machines.values().stream()
                .map(machine -> new Thread(() -> listen(machine, hand), "power-orders-of-" + machine.name()))
                .toList();
        listeners.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        return () -> {
            listeners.forEach(Thread::interrupt);
            hand.end();
        };
    }

    private void listen(Machine machine, Hand hand) {
        while (!Thread.currentThread().isInterrupted()) {
            try (Lines orders = new Lines(line -> hand.take(machine, line))) {
                String listening = engine.docker()
                        .execCreateCmd(machine.container().containerId())
                        .withAttachStdout(true)
                        .withCmd("/bin/sh", "-c", LISTEN, "listen", BOX)
                        .exec()
                        .getId();
                engine.docker().execStartCmd(listening).exec(orders);
                orders.awaitCompletion(LONGEST_SECONDS, TimeUnit.SECONDS);
            } catch (DockerException | IOException e) {
                log.debug("{} gives no orders to the power switch", machine.name(), e);
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Hands on what a command prints, line by line. */
    static final class Lines extends ResultCallback.Adapter<Frame> {

        private final Consumer<String> sink;
        private final StringBuilder begun = new StringBuilder();

        Lines(Consumer<String> sink) {
            this.sink = sink;
        }

        @Override
        public void onNext(Frame frame) {
            begun.append(new String(frame.getPayload(), UTF_8));
            for (int end = begun.indexOf("\n"); end >= 0; end = begun.indexOf("\n")) {
                String line = begun.substring(0, end);
                begun.delete(0, end + 1);
                sink.accept(line);
            }
        }
    }

    /** Carries orders out, one after the other. */
    private final class Hand {

        private final Sink sink;
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, "power-switch");
            daemon.setDaemon(true);
            return daemon;
        });
        private int cuts;

        Hand(Sink sink) {
            this.sink = sink;
        }

        void take(Machine from, String line) {
            Matcher order = ORDER.matcher(line.strip());
            if (!order.matches()) {
                log.warn("{} has given the power switch an order that makes no sense: {}", from.name(), line);
                return;
            }
            later(0, () -> answer(from, order.group(1), carryOut(from.name(), order.group(2))));
        }

        /** What is done on the switch's thread. */
        private interface Task {
            void run() throws InterruptedException;
        }

        private void later(long seconds, Task task) {
            try {
                ScheduledFuture<?> unused = thread.schedule(() -> guarded(task), seconds, TimeUnit.SECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("The power switch has ended", e);
            }
        }

        private void guarded(Task task) {
            try {
                task.run();
            } catch (HostException | EnvironmentException e) {
                log.debug("The power switch could not do what it was to", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private String carryOut(String by, String member) throws InterruptedException {
            Machine machine = machines.get(member);
            if (machine == null) {
                return "there is no machine '" + member + "' at this switch";
            }
            try {
                if (!machine.state().running()) {
                    sink.note(by + " wanted the power of " + member + " to be cut; its machine was down already.");
                    return OFF + ": the machine was down already";
                }
                Instant from = Instant.now();
                Machine.State state = machine.kill();
                String id = "p" + ++cuts;
                sink.cut(id, by, member, from, Instant.now(), describe(state));
                later(OFF_SECONDS, () -> restore(id, machine));
                return OFF + ": the engine says that the machine is " + state.status();
            } catch (HostException | EnvironmentException e) {
                sink.note(by + " wanted the power of " + member + " to be cut, and it was not: " + e.getMessage());
                return "not known to be off: " + e.getMessage();
            }
        }

        private void restore(String id, Machine machine) throws InterruptedException {
            try {
                if (!machine.state().running()) {
                    machine.powerOn();
                }
                sink.restored(id, machine.name(), Instant.now(), describe(machine.state()));
            } catch (HostException | EnvironmentException e) {
                log.warn("The power of {} is not back yet: {}", machine.name(), e.getMessage());
                later(AGAIN_SECONDS, () -> restore(id, machine));
            }
        }

        private void answer(Machine to, String order, String text) throws InterruptedException {
            to.host()
                    .run(Command.of(LIMIT, "/bin/sh", "-c", ANSWER, "answer", BOX + "/" + order, text))
                    .orFail();
        }

        void end() {
            thread.shutdownNow();
            try {
                if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                    log.warn("The power switch did not end within {} s", END_SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String describe(Machine.State state) {
        return "machine " + state.status() + ", exit status " + state.exitStatus() + ", started " + state.startedAt()
                + ", ended " + state.finishedAt();
    }
}
