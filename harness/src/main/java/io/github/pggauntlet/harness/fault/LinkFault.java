package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.PacketFilter.Flow;
import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;

/**
 * Something that shall happen to the connections that one party opens to another, whichever way their bytes flow. Connections
 * that the other opens are as good as before. {@link Fault.SlowLink} is one more.
 */
public sealed interface LinkFault extends Fault {

    /** Who opens the connections. */
    Party from();

    /** Who accepts them. */
    Party to();

    @Override
    default boolean sparesProcesses() {
        return true;
    }

    /**
     * The packets of a link are lost. Its connections stay open and silent, new ones are not made; nobody is told. When it is
     * healed TCP sends again what was lost, after a pause that grows with the time the cut has lasted, and connections that
     * neither side has given up go on.
     *
     * @param from who opens the connections
     * @param to who accepts them
     * @param flow which packets are lost
     */
    record CutLink(Party from, Party to, Flow flow) implements LinkFault {

        /** All packets are lost. */
        public CutLink(Party from, Party to) {
            this(from, to, Flow.BOTH);
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.LINK_CUT;
        }

        @Override
        public String toString() {
            return "the link from " + from + " to " + to + " is cut " + flow;
        }
    }

    /**
     * A link is cut and healed, again and again, as a {@link CutLink} is.
     *
     * @param from who opens the connections
     * @param to who accepts them
     * @param cut for how long it is cut each time
     * @param open for how long it is open between
     */
    record FlappingLink(Party from, Party to, Duration cut, Duration open) implements LinkFault {

        public FlappingLink {
            if (cut.toMillis() < 50 || open.toMillis() < 50) {
                throw new IllegalArgumentException("A flapping link is cut, and open, for at least 50 ms each time.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.LINK_CUT;
        }

        @Override
        public String toString() {
            return "the link from " + from + " to " + to + " is cut for " + cut.toMillis() + " ms again and again";
        }
    }

    /**
     * Each piece of data arrives late by another time, between half and one and a half {@code latency}.
     *
     * @param from who opens the connections
     * @param to who accepts them
     * @param latency the delay in the middle; at least 2 ms
     */
    record JitteryLink(Party from, Party to, Duration latency) implements LinkFault {

        public JitteryLink {
            if (latency.toMillis() < 2) {
                throw new IllegalArgumentException("A jittery link is slower by at least 2 ms.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.SLOW_LINK;
        }

        @Override
        public String toString() {
            return "the link from " + from + " to " + to + " is slower by " + latency.toMillis() / 2 + " to "
                    + latency.toMillis() * 3 / 2 + " ms each way";
        }
    }

    /**
     * Only so much flows through a link each second, in each direction of flow.
     *
     * @param from who opens the connections
     * @param to who accepts them
     * @param kilobytesPerSecond how much; between 1 and 1000, beyond which it could not be told from a busy computer
     */
    record NarrowLink(Party from, Party to, long kilobytesPerSecond) implements LinkFault {

        public NarrowLink {
            if (kilobytesPerSecond < 1 || kilobytesPerSecond > 1000) {
                throw new IllegalArgumentException(
                        "A narrow link lets between 1 and 1000 kB a second through, not " + kilobytesPerSecond + ".");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.SLOW_LINK;
        }

        @Override
        public String toString() {
            return "the link from " + from + " to " + to + " lets " + kilobytesPerSecond + " kB a second through";
        }
    }

    /**
     * Every connection of a link is reset, those there are and each new one as soon as it is made.
     *
     * @param from who opens the connections
     * @param to who accepts them
     */
    record ResettingLink(Party from, Party to) implements LinkFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.LINK_CUT;
        }

        @Override
        public String toString() {
            return "every connection from " + from + " to " + to + " is reset";
        }
    }

    /**
     * What flows through a link arrives in small pieces with pauses between them.
     *
     * @param from who opens the connections
     * @param to who accepts them
     * @param bytes about how long a piece is
     * @param pause the time between two pieces
     */
    record SlicedLink(Party from, Party to, int bytes, Duration pause) implements LinkFault {

        /** The shortest question that is asked to see the effect has so many bytes. */
        static final int QUESTION = 8;

        public SlicedLink {
            if (bytes < 1 || bytes > QUESTION / 2 || pause.toMillis() < 1) {
                throw new IllegalArgumentException("A link is sliced into pieces of 1 to " + QUESTION / 2
                        + " bytes, at least 1 ms apart; otherwise the effect could not be seen.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.SLOW_LINK;
        }

        @Override
        public String toString() {
            return "the link from " + from + " to " + to + " delivers pieces of " + bytes + " bytes, "
                    + pause.toMillis() + " ms apart";
        }
    }
}
