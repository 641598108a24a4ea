package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;
import java.util.Optional;

/** Something that shall break. A value: it names what and whom, and does nothing by itself. */
public sealed interface Fault
        permits ProcessFault,
                HostFault,
                LinkFault,
                PartitionFault,
                ArbiterFault,
                DiskFault,
                ClockFault,
                AddressFault,
                Fault.KillPostmaster,
                Fault.KillHost,
                Fault.StopHost,
                Fault.SlowLink,
                Fault.Switchover {

    /** The class of fault for which strategies make promises, when this hits a primary or a link. */
    FaultClass faultClass();

    /** Whether everything that ran goes on when the fault is healed, so that nothing has to be started again. */
    default boolean sparesProcesses() {
        return false;
    }

    /**
     * PostgreSQL's postmaster is killed with SIGKILL. The machine and everything else on it live on, and bringing
     * PostgreSQL back is the strategy's business: healing this fault does nothing.
     *
     * @param target whose postmaster
     */
    record KillPostmaster(Target target) implements Fault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.POSTMASTER_CRASH;
        }

        @Override
        public String toString() {
            return "the postmaster of " + target + " is killed";
        }
    }

    /**
     * A machine stops dead, with every process on it. What it had handed to its disk is there when it is started again,
     * which heals this fault.
     *
     * @param target which machine
     */
    record KillHost(Target target) implements Fault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.HOST_CRASH;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " is killed";
        }
    }

    /**
     * A machine is shut down in the ordinary way, and killed if that takes longer than its limit. Starting it again heals
     * this fault.
     *
     * @param target which machine
     * @param limit how long the ordinary shutdown may take; whole seconds, at least one
     */
    record StopHost(Target target, Duration limit) implements Fault {

        private static final Duration USUAL_LIMIT = Duration.ofSeconds(60);

        public StopHost {
            if (limit.toSeconds() < 1 || limit.toMillis() % 1000 != 0) {
                throw new IllegalArgumentException("A machine is given whole seconds to shut down, at least one, not "
                        + limit.toMillis() + " ms.");
            }
        }

        public StopHost(Target target) {
            this(target, USUAL_LIMIT);
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.CLEAN_STOP;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " is shut down";
        }
    }

    /**
     * Everything that one party asks another over connections it has opened itself takes longer: each message, and each
     * answer, arrives {@code latency} later. Connections in the other direction are as quick as before.
     *
     * @param from who opens the connections
     * @param to who accepts them
     * @param latency the delay of each message and of each answer; at least a millisecond
     */
    record SlowLink(Party from, Party to, Duration latency) implements Fault {

        public SlowLink {
            if (latency.toMillis() < 1) {
                throw new IllegalArgumentException("A slow link is slower by at least 1 ms.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.SLOW_LINK;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the link from " + from + " to " + to + " is slower by " + latency.toMillis() + " ms each way";
        }
    }

    /**
     * The operator has the primary's role handed over. No harm is done, but writes stop for a moment. It has been made when the
     * strategy has taken the order.
     *
     * @param to to whom; empty to leave that to the strategy
     */
    record Switchover(Optional<String> to) implements Fault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.SWITCHOVER;
        }

        @Override
        public String toString() {
            return "the primary hands over" + to.map(member -> " to " + member).orElse("");
        }
    }
}
