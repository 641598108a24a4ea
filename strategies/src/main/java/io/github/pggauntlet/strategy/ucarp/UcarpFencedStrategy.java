package io.github.pggauntlet.strategy.ucarp;

/**
 * {@link UcarpStreamingStrategy} for two machines with no third opinion that can switch each other off: nobody is promoted, and
 * nobody goes on alone, before a {@link io.github.pggauntlet.strategy.FenceProgram} has proven the other machine dead. After a
 * cut link one of them is left, and the other one boots.
 */
public final class UcarpFencedStrategy extends UcarpStreamingStrategy {

    /** For {@link java.util.ServiceLoader}. */
    public UcarpFencedStrategy() {
        super(
                "ucarp-fenced",
                "the same as ucarp-streaming-fast, and who goes on without the other has cut its power first",
                UcarpPreset.fast(),
                Arbitration.FENCING);
    }
}
