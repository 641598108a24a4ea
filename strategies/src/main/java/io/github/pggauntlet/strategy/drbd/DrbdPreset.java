package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Protocol;

/**
 * How DRBD is set up.
 *
 * @param fencing what a machine that has lost the other one does before it goes on
 * @param splitBrain what happens when the two have both been primary
 * @param timeouts after how long the other one counts as lost
 */
record DrbdPreset(Fencing fencing, SplitBrainPolicies splitBrain, DrbdTimeouts timeouts) {

    /** Without fencing, which is DRBD's default. Nothing is thrown away when the two have gone separate ways. */
    static DrbdPreset plain() {
        return new DrbdPreset(Fencing.DONT_CARE, SplitBrainPolicies.keepAll(), DrbdTimeouts.quick());
    }

    /** With fencing: a machine that does not hear the other one writes only if the witness lets it. */
    static DrbdPreset fenced() {
        return new DrbdPreset(Fencing.RESOURCE_AND_STONITH, SplitBrainPolicies.keepAll(), DrbdTimeouts.quick());
    }

    /** Whether it takes a third party. */
    boolean witnessed() {
        return fencing != Fencing.DONT_CARE;
    }

    /** When a write counts as done, by what an acknowledged COMMIT shall have survived. */
    Protocol protocol(Durability durability) {
        return durability == Durability.ASYNC ? Protocol.A : Protocol.C;
    }
}
