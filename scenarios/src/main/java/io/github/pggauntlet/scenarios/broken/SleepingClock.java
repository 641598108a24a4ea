package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import io.github.pggauntlet.strategy.streaming.AgentRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Times its lease by a clock that stands still while the machine sleeps, as {@code CLOCK_MONOTONIC} does, and asks again when the
 * arbiter says that the lease is lost: when the machine wakes, it takes writes by a lease that another member has by now.
 */
public final class SleepingClock extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public SleepingClock() {
        super(
                "broken-sleeping-clock",
                "times its lease by a clock that stands still while the machine sleeps",
                Durability.ASYNC);
    }

    @Override
    AgentProgram program() {
        return AgentProgram.with(Agent.class);
    }

    /** Its agent. */
    public static final class Agent {

        private Agent() {}

        /**
         * Runs the agent until it is told to stop.
         *
         * @throws IOException if the configuration cannot be read
         * @throws InterruptedException if the main thread is interrupted
         */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            AgentRuntime.run(
                    Path.of(arguments[0]),
                    UnaryOperator.identity(),
                    context -> new Hopeful(context.etcd()),
                    new Rules());
        }
    }

    /** Takes a lost lease for one that could not be renewed yet. */
    private static final class Hopeful extends WrappedArbiter {

        Hopeful(Arbiter real) {
            super(real);
        }

        @Override
        public boolean renew(Lease lease) throws InterruptedException {
            if (!super.renew(lease)) {
                throw new IllegalStateException("It was not renewed; perhaps next time.");
            }
            return true;
        }
    }

    /** Its rules. */
    private static final class Rules implements AgentRules {

        /** The clock is looked at far more often than this while the machine is awake. */
        private static final long SLEEP = Duration.ofMillis(600).toNanos();

        @Override
        public boolean watches() {
            // The process beside the agent times by a clock of its own.
            return false;
        }

        @Override
        public LongSupplier leaseClock(LongSupplier clock) {
            AtomicLong last = new AtomicLong(clock.getAsLong());
            AtomicLong slept = new AtomicLong();
            return () -> {
                synchronized (last) {
                    long now = clock.getAsLong();
                    long gap = now - last.getAndSet(now);
                    if (gap > SLEEP) {
                        slept.addAndGet(gap);
                    }
                    return now - slept.get();
                }
            };
        }
    }
}
