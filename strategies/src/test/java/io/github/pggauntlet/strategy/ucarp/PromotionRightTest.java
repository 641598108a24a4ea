package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.ucarp.PromotionRight.Decision;
import io.github.pggauntlet.strategy.ucarp.PromotionRight.Peer;
import io.github.pggauntlet.strategy.ucarp.PromotionRight.View;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The story of each test is one in which a wrong answer loses acknowledged writes, or leaves nobody to be promoted. */
class PromotionRightTest {

    private static final Set<String> BOTH = Set.of("a", "b");
    private static final Optional<Peer> SILENT = Optional.empty();

    private static Ledger ledger(long term, boolean primary, Set<String> promotable) {
        return new Ledger(Optional.of("data"), term, Optional.of("b"), primary, new Succession(promotable, 1, "b", 1));
    }

    private static Optional<Peer> says(long term, boolean primary, Set<String> promotable) {
        return Optional.of(new Peer(ledger(term, primary, promotable), false));
    }

    private static Decision decide(Ledger own, boolean vouched, Optional<Peer> peer) {
        return PromotionRight.decide(new View("a", own, vouched, peer));
    }

    @Test
    void aStandbyThatHasLivedOnNeedsNobodysWord() {
        assertThat(decide(ledger(3, false, BOTH), true, SILENT).may()).isTrue();
    }

    /** It is the only one of which a silent primary does not know that it is none any more. */
    @Test
    void aStandbyThatHasLivedOnAndHearsNothingMayOnlyIfThePrimaryIsDead() {
        assertThat(decide(ledger(3, false, BOTH), true, SILENT).onDeath()).isTrue();
        assertThat(decide(ledger(3, false, BOTH), true, says(3, true, BOTH)).onDeath())
                .isFalse();
        assertThat(decide(ledger(3, true, Set.of("a")), false, SILENT).onDeath())
                .isFalse();
    }

    @Test
    void aStandbyThatHasBeenAwayMustHearThatThePrimaryDidNotGoOnWithoutIt() {
        Ledger own = ledger(3, false, BOTH);
        assertThat(decide(own, false, SILENT).may()).isFalse();
        assertThat(decide(own, false, says(3, true, Set.of("b"))).may()).isFalse();
        assertThat(decide(own, false, says(3, true, BOTH)).may()).isTrue();
    }

    @Test
    void aStandbyThatWasToldToStandBackMayNot() {
        assertThat(decide(ledger(3, false, Set.of("b")), true, SILENT).may()).isFalse();
    }

    @Test
    void aFormerPrimaryMayHaveBeenReplacedWhileItWasAway() {
        Ledger own = ledger(3, true, BOTH);
        assertThat(decide(own, false, SILENT).may()).isFalse();
        assertThat(decide(own, false, says(4, true, Set.of("b"))).may()).isFalse();
        assertThat(decide(own, false, says(3, false, BOTH)).may()).isTrue();
    }

    @Test
    void aFormerPrimaryThatWasAloneHasEverythingThereIs() {
        assertThat(decide(ledger(3, true, Set.of("a")), false, SILENT).may()).isTrue();
    }

    @Test
    void nobodyIsPromotedBesideAPrimary() {
        Optional<Peer> primary = Optional.of(new Peer(ledger(3, true, BOTH), true));
        assertThat(decide(ledger(3, false, BOTH), true, primary).may()).isFalse();
    }

    @Test
    void anEmptyMachineBeginsAClusterOnlyIfTheOtherIsEmptyToo() {
        assertThat(decide(Ledger.empty(), false, Optional.of(new Peer(Ledger.empty(), false)))
                        .may())
                .isTrue();
        assertThat(decide(Ledger.empty(), false, SILENT).may()).isFalse();
        assertThat(decide(Ledger.empty(), false, says(3, true, Set.of("b"))).may())
                .isFalse();
    }
}
