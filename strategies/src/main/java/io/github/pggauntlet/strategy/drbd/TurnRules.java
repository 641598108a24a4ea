package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdRules.Promotion;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;

/**
 * What a machine does next with its disk and its PostgreSQL. Pure.
 *
 * <p>While ucarp says that it is master it climbs: DRBD primary, file system mounted, PostgreSQL started; the address comes
 * last, and is vipmon's business. As soon as ucarp says anything else it climbs down, by the same steps the other way round.
 * No step is taken before the one below it is seen to be done, whatever happened in between; what was half done when this
 * began is taken up where it is.
 */
public final class TurnRules {

    private TurnRules() {}

    /** What PostgreSQL does here. */
    public enum Server {
        /** None runs. */
        NONE,
        /** It is coming up, or going down. */
        BUSY,
        /** It takes writes. */
        READY
    }

    /**
     * What is seen of this machine.
     *
     * @param master whether ucarp says that it is master of the address, and that turn has not been given up
     * @param disk what DRBD says
     * @param mounted whether the file system is mounted
     * @param server PostgreSQL
     * @param startedInTurn whether PostgreSQL has been started in this turn already
     */
    public record View(boolean master, DrbdStatus disk, boolean mounted, Server server, boolean startedInTurn) {}

    /** What to do. */
    public enum Step {
        /** Nothing: it is secondary, as it should be. */
        REST,
        /** Nothing yet. */
        AWAIT,
        /** Make DRBD primary. */
        PROMOTE,
        /** Mount the file system. */
        MOUNT,
        /** Start PostgreSQL. */
        START,
        /** Nothing: PostgreSQL takes writes. */
        SERVE,
        /** Give the turn up: the other machine may do better. */
        GIVE_UP,
        /** Stop PostgreSQL. */
        STOP,
        /** Unmount the file system; a machine that cannot goes down. */
        UNMOUNT,
        /** Make DRBD secondary. */
        DEMOTE
    }

    /**
     * A step, and why.
     *
     * @param why half a sentence, for people; empty where the step says it all
     */
    public record Order(Step step, String why) {}

    /**
     * What to do next.
     *
     * @param fencing the policy in force
     * @param peer what is known of the other machine beside what DRBD says
     */
    public static Order next(View view, Fencing fencing, PeerKnowledge peer) {
        return view.master() ? up(view, fencing, peer) : down(view);
    }

    private static Order up(View view, Fencing fencing, PeerKnowledge peer) {
        if (view.disk().role() != Role.PRIMARY) {
            // What of an earlier turn is left above a disk that is no longer primary must go first.
            if (view.server() != Server.NONE || view.mounted()) {
                return down(view);
            }
            Promotion promotion = DrbdRules.promotion(view.disk(), fencing, peer);
            if (promotion instanceof Promotion.Never never) {
                return new Order(Step.GIVE_UP, never.why());
            }
            return promotion instanceof Promotion.Later later
                    ? new Order(Step.AWAIT, later.why())
                    : new Order(Step.PROMOTE, "");
        }
        if (!view.mounted()) {
            return view.server() == Server.NONE ? new Order(Step.MOUNT, "") : new Order(Step.STOP, "its disk is gone");
        }
        return switch (view.server()) {
            case NONE ->
                view.startedInTurn()
                        ? new Order(Step.GIVE_UP, "PostgreSQL has ended by itself")
                        : new Order(Step.START, "");
            case BUSY -> new Order(Step.AWAIT, "PostgreSQL is starting");
            case READY -> new Order(Step.SERVE, "");
        };
    }

    private static Order down(View view) {
        if (view.server() != Server.NONE) {
            return new Order(Step.STOP, "");
        }
        if (view.mounted()) {
            return new Order(Step.UNMOUNT, "");
        }
        return view.disk().role() == Role.PRIMARY ? new Order(Step.DEMOTE, "") : new Order(Step.REST, "");
    }
}
