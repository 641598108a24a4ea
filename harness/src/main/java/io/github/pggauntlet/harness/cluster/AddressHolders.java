package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each machine itself, all the time, whether it has the virtual address on an interface. What is asked from outside
 * misses an owner that nobody hears; this does not. A machine that is down or frozen says nothing.
 *
 * <p>A small loop runs on each machine and is started again when it has ended, with the machine or by itself.
 */
final class AddressHolders implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AddressHolders.class);

    /** Four times a second, for a minute: a loop that nobody listens to any more ends by itself. Argument: the address. */
    private static final String LOOK = """
            left=240
            while [ "$left" -gt 0 ]; do
              left=$((left - 1))
              if [ -n "$(ip -o -4 address show to "$1/32")" ]; then echo 1; else echo 0; fi
              sleep 0.25
            done
            """;

    private static final char HELD = '1';
    private static final long LONGEST_SECONDS = 90;
    private static final long PAUSE_MILLIS = 250;
    private static final Duration LOOK_ONCE = Duration.ofSeconds(5);

    /** A guest without hardware acceleration pays dearly for each command. */
    private static final long GUEST_PAUSE_MILLIS = 1_000;

    private final Engine engine;
    private final String address;
    private final Set<String> members = new TreeSet<>();
    private final Set<String> holders = ConcurrentHashMap.newKeySet();
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads;

    /** Asks from now on. */
    AddressHolders(Engine engine, String address, Collection<Machine> machines) {
        this.engine = engine;
        this.address = address;
        machines.forEach(machine -> members.add(machine.name()));
        this.threads = machines.stream()
                .map(machine -> new Thread(() -> ask(machine), "address-of-" + machine.name()))
                .toList();
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /**
     * What the machines have said since this was last asked.
     *
     * @param holders those that had the address at some moment
     * @param silent those that have said nothing
     */
    record Said(Set<String> holders, Set<String> silent) {}

    Said said() {
        Set<String> silent = new TreeSet<>(members);
        Set<String> told = new TreeSet<>(heard);
        heard.removeAll(told);
        silent.removeAll(told);
        Set<String> now = new TreeSet<>(holders);
        holders.removeAll(now);
        return new Said(now, silent);
    }

    private void ask(Machine machine) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (machine.hasOwnKernel()) {
                    askOnce(machine);
                } else {
                    listen(machine);
                }
            } catch (DockerException | HostException | IOException e) {
                log.debug("{} does not say whether it has the address", machine.name(), e);
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

    private void listen(Machine machine) throws IOException, InterruptedException {
        try (ResultCallback.Adapter<Frame> answers = answers(machine.name())) {
            String loop = engine.docker()
                    .execCreateCmd(machine.container().containerId())
                    .withAttachStdout(true)
                    .withCmd("/bin/sh", "-c", LOOK, "look", address)
                    .exec()
                    .getId();
            engine.docker().execStartCmd(loop).exec(answers);
            answers.awaitCompletion(LONGEST_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The address is the guest's, not that of the container that holds it; and a guest tells nothing while a command runs. */
    private void askOnce(Machine machine) throws InterruptedException {
        boolean holds = !machine.host()
                .run(Command.of(LOOK_ONCE, "ip", "-o", "-4", "address", "show", "to", address + "/32"))
                .orFail()
                .output()
                .isBlank();
        if (holds) {
            holders.add(machine.name());
        }
        heard.add(machine.name());
        Thread.sleep(GUEST_PAUSE_MILLIS);
    }

    private ResultCallback.Adapter<Frame> answers(String member) {
        return new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Frame frame) {
                if (new String(frame.getPayload(), StandardCharsets.UTF_8).indexOf(HELD) >= 0) {
                    holders.add(member);
                }
                heard.add(member);
            }
        };
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
