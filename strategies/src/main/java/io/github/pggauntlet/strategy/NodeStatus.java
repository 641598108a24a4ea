package io.github.pggauntlet.strategy;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one member said of itself when it was asked.
 *
 * @param member the member's name
 * @param at when the answer was made, by the member's clock; for an unreachable member, when it was asked
 * @param role its role
 * @param open whether, as primary, it lets writes be acknowledged
 * @param timeline the timeline its PostgreSQL is on, when known
 * @param lsn the WAL position it has: written for a primary; the greater of received and replayed for a standby
 * @param streaming whether, as a standby, it receives WAL from a primary now
 * @param postmasterPid the process id of its postmaster within the machine, while one runs
 * @param promotable the members that may be promoted if the primary is lost, as this member last read it from the arbiter
 * @param rewindReady whether, as primary, its control file names its present timeline, so that others may rewind from it
 * @param note a sentence about what it is doing or waiting for; empty when there is nothing to say
 */
public record NodeStatus(
        String member,
        Instant at,
        NodeRole role,
        boolean open,
        OptionalInt timeline,
        Optional<Lsn> lsn,
        boolean streaming,
        OptionalLong postmasterPid,
        Set<String> promotable,
        boolean rewindReady,
        String note) {

    public NodeStatus {
        promotable = Set.copyOf(promotable);
    }

    /** The status of a member that did not answer. */
    public static NodeStatus unreachable(String member, Instant at, String why) {
        return new NodeStatus(
                member,
                at,
                NodeRole.UNREACHABLE,
                false,
                OptionalInt.empty(),
                Optional.empty(),
                false,
                OptionalLong.empty(),
                Set.of(),
                false,
                why);
    }
}
