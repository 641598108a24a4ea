package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.ucarp.Arbitration;
import io.github.pggauntlet.strategy.ucarp.UcarpPreset;
import io.github.pggauntlet.strategy.ucarp.UcarpStreamingStrategy;

/** Two machines, ucarp and nobody else, and the claim that a cut link does them no harm. */
public final class UcarpAlone extends UcarpStreamingStrategy {

    /** For {@link java.util.ServiceLoader}. */
    public UcarpAlone() {
        super(
                "broken-ucarp-alone",
                "promises that two machines under ucarp, with no witness, survive a cut link",
                UcarpPreset.fast(),
                Arbitration.NOBODY);
    }

    @Override
    public Promises promises(ClusterSpec spec) {
        Promises honest = super.promises(spec);
        Promise claimed = honest.of(FaultClass.PARTITION)
                .map(cut -> new Promise(LossBound.none(), cut.writeOutage(), 1, cut.rejoin()))
                .orElseThrow();
        return honest.with(FaultClass.PARTITION, claimed).with(FaultClass.LINK_CUT, claimed);
    }
}
