package io.github.pggauntlet.strategy.ucarp;

/** {@link UcarpStreamingStrategy} with ucarp's own standard times. */
public final class UcarpFastStrategy extends UcarpStreamingStrategy {

    /** For {@link java.util.ServiceLoader}. */
    public UcarpFastStrategy() {
        super(
                "ucarp-streaming-fast",
                "the same as ucarp-streaming; dead after 3 and 3.5 s",
                UcarpPreset.fast(),
                Arbitration.NOBODY);
    }
}
