package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Heals and cuts a link again and again, on a thread of its own, until it is ended. It begins with a link that is cut. */
final class Flapping {

    private static final Duration END = Duration.ofSeconds(15);

    private final LinkFault.FlappingLink fault;
    private final Step cut;
    private final Step join;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::flap, "flapping link");
    private int cuts = 1;
    private boolean open;
    private volatile boolean ending;

    /** What is done to the link. */
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException;
    }

    Flapping(LinkFault.FlappingLink fault, Step cut, Step join) {
        this.fault = fault;
        this.cut = cut;
        this.join = join;
        thread.setDaemon(true);
        thread.start();
    }

    private void flap() {
        try {
            while (!ending) {
                Thread.sleep(open ? fault.open().toMillis() : fault.cut().toMillis());
                if (!ending) {
                    (open ? cut : join).run();
                    open = !open;
                    cuts += open ? 0 : 1;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (HostException | EnvironmentException e) {
            failure.set(e);
        }
    }

    /** Ends it, and leaves the link cut or open, as it happens to be. */
    Map<String, String> end() throws InterruptedException {
        // Not interrupted: an order to the filter under way shall be carried out, or nobody knows how the link is.
        ending = true;
        thread.join(END.toMillis());
        if (thread.isAlive()) {
            throw new FaultNotMade("Waited " + END.toSeconds() + " s for the flapping of a link to end.");
        }
        RuntimeException why = failure.get();
        if (why != null) {
            throw new FaultNotMade("The link did not go on flapping: " + why.getMessage(), why);
        }
        return Map.of("times cut", Integer.toString(cuts));
    }
}
