package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * What may be done with a device in a state, and what is wrong with it. Pure.
 *
 * <p>A promotion is never forced: {@code drbdadm primary --force} makes a disk count as good that DRBD knows not to be.
 */
public final class DrbdRules {

    private DrbdRules() {}

    /** What is known of the other machine beside what DRBD says. */
    public enum PeerKnowledge {
        /** Nothing. */
        UNKNOWN,
        /** It has been put out of action, or its disk marked as outdated: it takes no write any more. */
        FENCED
    }

    /** Whether a machine may be made primary. */
    public sealed interface Promotion {

        /** It is primary already. */
        record Done() implements Promotion {}

        /** It may be made primary now. */
        record Now() implements Promotion {}

        /**
         * Not yet: DRBD may still come to see what stands in the way go.
         *
         * @param why what stands in the way
         */
        record Later(String why) implements Promotion {}

        /**
         * Not at all; somebody has to do something about it first.
         *
         * @param why what is wrong
         */
        record Never(String why) implements Promotion {}
    }

    /**
     * Whether a machine may be made primary.
     *
     * @param fencing the policy in force; with {@link Fencing#DONT_CARE} a peer that is not heard is taken for dead
     */
    public static Promotion promotion(DrbdStatus status, Fencing fencing, PeerKnowledge peer) {
        if (status.role() == Role.PRIMARY) {
            return new Promotion.Done();
        }
        switch (status.disk()) {
            case ATTACHING, NEGOTIATING -> {
                return new Promotion.Later("its disk is " + status.disk());
            }
            case UP_TO_DATE, CONSISTENT -> {
                // A disk that is Consistent does not know yet whether it is the latest one; below that is found out.
            }
            default -> {
                return new Promotion.Never(
                        "its disk is " + status.disk() + ", and only one that is UpToDate may be written to");
            }
        }
        if (status.connection().hearsPeer()) {
            return beside(status);
        }
        if (status.peerRole() == Role.PRIMARY) {
            return new Promotion.Later("the other machine still counts as primary");
        }
        return alone(status, fencing, peer);
    }

    private static Promotion beside(DrbdStatus status) {
        if (status.peerRole() == Role.PRIMARY) {
            return new Promotion.Later("the other machine is primary");
        }
        return status.disk() == Disk.UP_TO_DATE
                ? new Promotion.Now()
                : new Promotion.Later("its disk is " + status.disk());
    }

    private static Promotion alone(DrbdStatus status, Fencing fencing, PeerKnowledge peer) {
        boolean out = peer == PeerKnowledge.FENCED || status.peerDisk() == Disk.OUTDATED;
        if (status.connection() == Connection.STAND_ALONE && !out) {
            return new Promotion.Never(
                    "it is StandAlone: the two may have gone separate ways, and nobody has shown that the other one is out of action");
        }
        if (out) {
            return new Promotion.Now();
        }
        if (fencing == Fencing.DONT_CARE) {
            return status.disk() == Disk.UP_TO_DATE
                    ? new Promotion.Now()
                    : new Promotion.Never("its disk is " + status.disk() + " and the other machine is not heard");
        }
        return new Promotion.Later("the other machine is not heard and has not been put out of action");
    }

    /** What an operator has to be told of a state; empty if all is well or will be by itself. */
    public static List<String> alarms(DrbdStatus status) {
        List<String> alarms = new ArrayList<>();
        if (status.connection() == Connection.STAND_ALONE) {
            alarms.add("StandAlone: this machine has given the other one up, and nothing is replicated until somebody"
                    + " reconnects them");
        }
        if (status.role() == Role.PRIMARY && status.peerRole() == Role.PRIMARY) {
            alarms.add("both machines are Primary");
        }
        if (status.disk() == Disk.DISKLESS || status.disk() == Disk.FAILED) {
            alarms.add("the disk here is " + status.disk());
        }
        if (status.role() == Role.PRIMARY && status.disk() == Disk.INCONSISTENT) {
            alarms.add("a Primary works on a disk that is Inconsistent, and lives by the other machine's");
        }
        return List.copyOf(alarms);
    }

    /** Whether the two hold the same data and each would do without the other. */
    public static boolean whole(DrbdStatus status) {
        return status.connection() == Connection.CONNECTED
                && status.disk() == Disk.UP_TO_DATE
                && status.peerDisk() == Disk.UP_TO_DATE
                && status.outOfSyncKilobytes() == 0
                && alarms(status).isEmpty();
    }
}
