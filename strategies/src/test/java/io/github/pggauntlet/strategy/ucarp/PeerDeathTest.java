package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.fence.Proof;
import io.github.pggauntlet.strategy.ucarp.PeerDeath.Step;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeerDeathTest {

    private static final Duration HEAD_START = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final AtomicLong now = new AtomicLong(1);
    private final AtomicInteger shots = new AtomicInteger();
    private Proof proof = new Proof.Dead("off");
    private Runnable meanwhile = () -> {};

    private final PeerDeath death = new PeerDeath(
            member -> {
                assertThat(member).isEqualTo("b");
                shots.incrementAndGet();
                meanwhile.run();
                return proof;
            },
            "b",
            HEAD_START,
            now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Optional<Duration> seconds(int seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }

    @Test
    void theTable() {
        Duration needed = Duration.ofSeconds(8);
        Optional<Duration> no = Optional.empty();
        assertThat(PeerDeath.decide(new PeerDeath.View(no, needed, no, no))).isEqualTo(Step.WAIT);
        assertThat(PeerDeath.decide(new PeerDeath.View(no, Duration.ZERO, no, no)))
                .as("who has just answered is not shot, however short the patience")
                .isEqualTo(Step.WAIT);
        assertThat(PeerDeath.decide(new PeerDeath.View(seconds(7), needed, no, no)))
                .isEqualTo(Step.WAIT);
        assertThat(PeerDeath.decide(new PeerDeath.View(seconds(8), needed, no, no)))
                .isEqualTo(Step.SHOOT);
        assertThat(PeerDeath.decide(new PeerDeath.View(seconds(20), needed, no, seconds(4))))
                .isEqualTo(Step.WAIT);
        assertThat(PeerDeath.decide(new PeerDeath.View(seconds(20), needed, no, seconds(5))))
                .isEqualTo(Step.SHOOT);
        assertThat(PeerDeath.decide(new PeerDeath.View(seconds(20), needed, seconds(10), no)))
                .isEqualTo(Step.GO_ON);
        assertThat(PeerDeath.decide(new PeerDeath.View(seconds(20), needed, seconds(11), no)))
                .as("an old proof is made anew")
                .isEqualTo(Step.SHOOT);
    }

    @Test
    void theHolderShootsBeforeTheChallengerMay() throws InterruptedException {
        death.unanswered();
        pass(PATIENCE);
        assertThat(death.provenToChallenger()).isFalse();
        assertThat(shots).hasValue(0);
        assertThat(death.provenToHolder(PATIENCE)).isTrue();
        assertThat(shots).hasValue(1);
    }

    @Test
    void theChallengerShootsOnceAndTheProofLasts() throws InterruptedException {
        death.unanswered();
        pass(HEAD_START);
        assertThat(death.provenToChallenger()).isTrue();
        death.unanswered();
        assertThat(death.provenToChallenger()).isTrue();
        assertThat(shots).hasValue(1);
    }

    @Test
    void silenceCountsFromTheFirstQuestionWithoutAnAnswer() throws InterruptedException {
        death.unanswered();
        pass(Duration.ofSeconds(6));
        death.unanswered();
        assertThat(death.silence()).isEqualTo(Duration.ofSeconds(6));
        death.answered();
        assertThat(death.silence()).isZero();
        death.unanswered();
        pass(Duration.ofSeconds(6));
        assertThat(death.provenToChallenger()).isFalse();
        assertThat(shots).hasValue(0);
    }

    @Test
    void aWordFromItVoidsTheProof() throws InterruptedException {
        death.unanswered();
        pass(HEAD_START);
        assertThat(death.provenToChallenger()).isTrue();
        death.heard();
        assertThat(death.provenToChallenger()).isTrue();
        assertThat(shots).as("it was proven anew").hasValue(2);
    }

    @Test
    void aWordDuringTheShotLeavesNothingProven() throws InterruptedException {
        death.unanswered();
        pass(HEAD_START);
        meanwhile = death::heard;
        assertThat(death.provenToChallenger()).isFalse();
        meanwhile = () -> {};
        assertThat(death.provenToChallenger()).isTrue();
    }

    @Test
    void theHolderUsesNoProofTwice() throws InterruptedException {
        death.unanswered();
        pass(PATIENCE);
        assertThat(death.provenToHolder(PATIENCE)).isTrue();
        assertThat(death.provenToHolder(PATIENCE)).isTrue();
        assertThat(shots).hasValue(2);
    }

    @Test
    void whereNothingIsProvenNobodyGoesOnAndItIsTriedAgainLater() throws InterruptedException {
        proof = new Proof.NotProven("the board does not answer");
        death.unanswered();
        pass(HEAD_START);
        assertThat(death.provenToChallenger()).isFalse();
        assertThat(death.provenToHolder(PATIENCE)).isFalse();
        assertThat(shots).hasValue(1);
        pass(PeerDeath.PAUSE);
        assertThat(death.provenToChallenger()).isFalse();
        assertThat(shots).hasValue(2);
        proof = new Proof.Dead("off");
        pass(PeerDeath.PAUSE);
        assertThat(death.provenToChallenger()).isTrue();
    }
}
