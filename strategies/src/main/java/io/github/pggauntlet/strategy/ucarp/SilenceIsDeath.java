package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.fence.Fencer;
import io.github.pggauntlet.strategy.fence.Proof;

/**
 * What two machines without a fence device have to assume: who is silent is dead. Right under crashes, and wrong under a cut
 * link.
 */
final class SilenceIsDeath implements Fencer {

    @Override
    public Proof proveDead(String member) {
        return new Proof.Dead("it is silent, and between two machines that has to do");
    }
}
