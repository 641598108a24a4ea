package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that what was cut stays cut when a machine boots: its filters went with its network namespace, so they are set
 * anew. That takes some tenths of a second; what keeps an address is silent for longer than that when it has just started.
 */
final class KeptFilters {

    private static final Logger LOG = LoggerFactory.getLogger(KeptFilters.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
    private static final Duration END = Duration.ofSeconds(30);

    private final Map<String, Machine> machines;
    private final Setter setter;
    private final Map<String, Instant> boots = new TreeMap<>();
    private final Set<String> again = new TreeSet<>();
    private final Thread thread = new Thread(this::watch, "kept-filters");
    private volatile boolean ending;

    /** Sets the filters of a machine. */
    @FunctionalInterface
    interface Setter {
        void set(String member) throws InterruptedException;
    }

    /**
     * Watches from now on.
     *
     * @param filtered the machines whose filters have been set
     * @param setter sets those of one again
     */
    KeptFilters(Collection<Machine> filtered, Setter setter) throws InterruptedException {
        this.machines = new TreeMap<>();
        this.setter = setter;
        for (Machine machine : filtered) {
            machines.put(machine.name(), machine);
            boots.put(machine.name(), machine.state().startedAt());
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (!ending) {
                Thread.sleep(BETWEEN_LOOKS.toMillis());
                for (Machine machine : machines.values()) {
                    look(machine);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Machine machine) throws InterruptedException {
        try {
            Machine.State state = machine.state();
            if (state.running() && !ending && !state.startedAt().equals(boots.get(machine.name()))) {
                setter.set(machine.name());
                boots.put(machine.name(), state.startedAt());
                again.add(machine.name());
            }
        } catch (HostException | EnvironmentException e) {
            LOG.debug("The filters of {} are not set again yet", machine.name(), e);
        }
    }

    /** Ends the watch, and tells whose filters were set again. */
    Set<String> end() throws InterruptedException {
        // Not interrupted: an order under way shall be carried out, or nobody knows what there is to remove.
        ending = true;
        thread.join(END.toMillis());
        if (thread.isAlive()) {
            throw new FaultNotMade("Waited " + END.toSeconds() + " s for filters to be set on a machine that boots.");
        }
        return Set.copyOf(again);
    }
}
