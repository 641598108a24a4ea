package io.github.pggauntlet.harness.check.rule;

import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * What a failover has cost: how far the state that survived lies behind the last that was acknowledged (RPO).
 *
 * @param commits how many acknowledged commits are lost
 * @param bytes how much WAL was acknowledged beyond what survived, where positions are known; 0 if nothing is lost
 * @param nanos the time between the acknowledgement of the first and of the last commit of the old timeline from the first
 *     lost one on: a bound that a user feels as "the last … seconds are gone"
 */
public record RecoveryPoint(long commits, Optional<Long> bytes, long nanos) {

    /**
     * A commit acknowledged on the timeline that ended.
     *
     * @param id its id
     * @param acknowledged when, in nanoseconds
     * @param end the WAL position of its end, if it is known
     */
    public record Commit(long id, long acknowledged, Optional<Lsn> end) {}

    /**
     * Measures a loss. O(n).
     *
     * @param commits the acknowledged commits of the timeline that ended
     * @param lost which of them are lost
     * @param switchPoint where the timeline was left
     */
    public static RecoveryPoint of(List<Commit> commits, KeySet lost, Lsn switchPoint) {
        long count = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        Optional<Long> bytes = Optional.of(0L);
        for (Commit commit : commits) {
            last = Math.max(last, commit.acknowledged());
            if (lost.contains(commit.id())) {
                count++;
                first = Math.min(first, commit.acknowledged());
                bytes = bytes.flatMap(most ->
                        commit.end().map(end -> Math.max(most, Math.max(0, end.value() - switchPoint.value()))));
            }
        }
        return new RecoveryPoint(count, bytes, count == 0 ? 0 : last - first);
    }
}
