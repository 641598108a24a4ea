package io.github.pggauntlet.strategy.ucarp;

/** {@link UcarpStreamingStrategy} whose promotions take a lease in etcd, so that a cut link makes no second primary. */
public final class UcarpWitnessStrategy extends UcarpStreamingStrategy {

    /** For {@link java.util.ServiceLoader}. */
    public UcarpWitnessStrategy() {
        super(
                "ucarp-streaming-witness",
                "the same as ucarp-streaming-fast, and nobody is promoted without a lease in etcd",
                UcarpPreset.fast(),
                Arbitration.WITNESS);
    }
}
