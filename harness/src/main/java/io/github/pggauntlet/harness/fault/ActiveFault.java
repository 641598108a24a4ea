package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A fault that has been made, and of which it was seen that it was.
 *
 * <p>Safe for use by several threads.
 */
public final class ActiveFault {

    private final Made made;
    private final Heal heal;
    private Optional<Healed> healed = Optional.empty();

    ActiveFault(Made made, Heal heal) {
        this.made = made;
        this.heal = heal;
    }

    /**
     * What happened.
     *
     * @param fault what was wanted
     * @param judgedAs the class of promise it belongs to, now that it is known whom it hit
     * @param resolved the member, or the party, that each target meant at that moment
     * @param from the latest instant at which it certainly had not yet happened
     * @param to the earliest instant at which it certainly had
     * @param evidence what was seen of its effect
     */
    public record Made(
            Fault fault,
            FaultClass judgedAs,
            Map<String, String> resolved,
            Instant from,
            Instant to,
            Map<String, String> evidence) {
        public Made {
            resolved = Map.copyOf(resolved);
            evidence = Map.copyOf(evidence);
        }
    }

    /**
     * How it was healed.
     *
     * @param from when that was begun
     * @param to when it was seen to be healed
     * @param evidence what was seen of it
     */
    public record Healed(Instant from, Instant to, Map<String, String> evidence) {
        public Healed {
            evidence = Map.copyOf(evidence);
        }
    }

    /** Undoes a fault and makes sure of it. */
    @FunctionalInterface
    interface Heal {
        Map<String, String> heal() throws InterruptedException;
    }

    /** What happened. */
    public Made made() {
        return made;
    }

    /** How it was healed, if it has been. */
    public synchronized Optional<Healed> healed() {
        return healed;
    }

    /**
     * Heals the fault, and returns once that is seen. Healing twice does it once. After a failure it can be tried again.
     *
     * @throws FaultNotMade if it could not be healed, or not be seen that it was
     * @throws InterruptedException if the calling thread is interrupted
     */
    public synchronized Healed heal() throws InterruptedException {
        if (healed.isPresent()) {
            return healed.get();
        }
        Instant from = Instant.now();
        Map<String, String> evidence = heal.heal();
        Healed now = new Healed(from, Instant.now(), evidence);
        healed = Optional.of(now);
        return now;
    }

    @Override
    public String toString() {
        return made.fault() + " " + made.resolved();
    }
}
