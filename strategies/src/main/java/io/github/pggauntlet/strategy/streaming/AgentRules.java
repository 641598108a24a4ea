package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.decision.CandidateSelection;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy;
import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.decision.SlotRules;
import io.github.pggauntlet.strategy.decision.Succession;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What an agent decides by, and what guards it. The methods of this interface are the sound rules; production runs with
 * {@link #SOUND}. Whoever wants to know what a rule is good for replaces one of them. Implementations are called by several
 * threads.
 */
public interface AgentRules {

    /** The rules as they are meant. */
    AgentRules SOUND = new AgentRules() {};

    /** What a member does next. */
    default FailoverRules.Decision failover(FailoverRules.View view) {
        return FailoverRules.decide(view);
    }

    /** Who is to be promoted; the arguments are those of {@link CandidateSelection#choose}. */
    default CandidateSelection.Choice candidate(
            Succession succession,
            Optional<String> elected,
            Optional<String> favoured,
            List<CandidateSelection.Contender> contenders) {
        return CandidateSelection.choose(succession, elected, favoured, contenders);
    }

    /** What a primary does next for durability. */
    default DurabilityPolicy.Move durability(DurabilityPolicy.View view) {
        return DurabilityPolicy.next(view);
    }

    /** How a member gets back to following the primary. */
    default RejoinPlan rejoin(RejoinPlanner.Local local, RejoinPlanner.PrimaryData primary) {
        return RejoinPlanner.plan(local, primary);
    }

    /** What is done with the replication slots on a member. */
    default List<SlotRules.Move> slots(SlotRules.View view) {
        return SlotRules.moves(view);
    }

    /** Whether PostgreSQL is killed when the lease ends. */
    default boolean fences() {
        return true;
    }

    /** Whether a process beside the agent is told of the lease, and kills PostgreSQL when the agent cannot. */
    default boolean watches() {
        return true;
    }

    /**
     * The clock, in nanoseconds, by which leases are timed.
     *
     * @param clock one that goes on while the machine sleeps
     */
    default LongSupplier leaseClock(LongSupplier clock) {
        return clock;
    }

    /** The settings that no file and no {@code ALTER SYSTEM} may change. */
    default Map<String, String> fixed(Map<String, String> settings) {
        return settings;
    }
}
