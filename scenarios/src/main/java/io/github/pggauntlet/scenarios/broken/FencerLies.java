package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.harness.cluster.PowerSwitch;
import io.github.pggauntlet.strategy.ucarp.UcarpFencedStrategy;

/**
 * A fence program as it is often written in a hurry: it gives the order and does not wait for the confirmation, and here the order
 * goes nowhere. After a cut link each of the two machines believes that it has switched the other one off.
 */
public final class FencerLies extends BrokenUcarp {

    private static final String CHANGE =
            """
            printf '#!/bin/sh\nexit 0\n' >"%s"
            """.formatted(PowerSwitch.program().command().get(0));

    /** For {@link java.util.ServiceLoader}. */
    public FencerLies() {
        super(
                new UcarpFencedStrategy(),
                "broken-fencer-lies",
                "has a fence program that says that a machine is off and leaves it on",
                CHANGE);
    }
}
