package io.github.pggauntlet.strategy.drbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Peer;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Protocol;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary that does not hear the other machine writes if, and as often as, the witness lets it. */
class FenceTest {

    private static final String HANDLER = "pgrep -f";
    private static final String RESUME = "drbdadm resume-io";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ScriptedHost host = new ScriptedHost();
    private final AtomicLong time = new AtomicLong();
    private StandInEtcd etcd;
    private Fence fence;

    @BeforeEach
    void start() throws IOException {
        etcd = new StandInEtcd();
        DrbdConfig config = new DrbdConfig(
                "pgdata",
                0,
                "/dev/vdc",
                Protocol.C,
                Fencing.RESOURCE_AND_STONITH,
                Optional.of("/fence-peer"),
                SplitBrainPolicies.keepAll(),
                DrbdTimeouts.quick(),
                new Peer("machine0", "192.0.2.1", 7789),
                new Peer("machine1", "192.0.2.2", 7789));
        host.answer(HANDLER, 1, "", "");
        fence = new Fence(Optional.of(etcd.of("machine0")), new DrbdResource(host, config), time::get);
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    private static DrbdStatus alone(boolean suspended) {
        return new DrbdStatus(
                Connection.WAITING, Role.PRIMARY, Role.UNKNOWN, Disk.UP_TO_DATE, Disk.UNKNOWN, 0, suspended);
    }

    private long resumed() {
        return host.doings().stream().filter(doing -> doing.startsWith(RESUME)).count();
    }

    /** Looks at a device that has stood still for so long that it is the agent's turn. */
    private boolean lostAfterAWhile() throws InterruptedException {
        assertThat(fence.lost(alone(true))).isFalse();
        time.addAndGet(2 * SECOND);
        return fence.lost(alone(true));
    }

    @Test
    void writesThatStandStillAgainAreLetGoOnAgain() throws InterruptedException {
        assertThat(lostAfterAWhile()).isFalse();
        assertThat(resumed()).isEqualTo(1);

        // DRBD has changed its state, and makes them stand still once more.
        time.addAndGet(SECOND);
        assertThat(fence.lost(alone(true))).isFalse();
        assertThat(resumed()).isEqualTo(2);
    }

    @Test
    void writesThatGoOnAreLeftAlone() throws InterruptedException {
        assertThat(fence.lost(alone(false))).isFalse();
        time.addAndGet(2 * SECOND);
        assertThat(fence.lost(alone(false))).isFalse();
        assertThat(resumed()).isZero();
    }

    @Test
    void aHandlerAtWorkIsNotForestalled() throws InterruptedException {
        host.answer(HANDLER, 0, "815\n", "");
        assertThat(lostAfterAWhile()).isFalse();
        assertThat(resumed()).isZero();

        // It has ended; what comes of it is DRBD's to say, and takes a moment.
        host.answer(HANDLER, 1, "", "");
        assertThat(fence.lost(alone(true))).isFalse();
        assertThat(resumed()).isZero();
        time.addAndGet(2 * SECOND);
        assertThat(fence.lost(alone(true))).isFalse();
        assertThat(resumed()).as("nothing has come of it").isEqualTo(1);
    }

    @Test
    void whatTheHandlerHasAchievedIsLeftToDrbd() throws InterruptedException {
        DrbdStatus outdated =
                new DrbdStatus(Connection.WAITING, Role.PRIMARY, Role.UNKNOWN, Disk.UP_TO_DATE, Disk.OUTDATED, 0, true);
        assertThat(fence.lost(outdated)).isFalse();
        time.addAndGet(2 * SECOND);
        assertThat(fence.lost(outdated)).isFalse();
        assertThat(resumed()).isZero();
    }

    @Test
    void theWitnessIsNotAskedAtEveryLook() throws InterruptedException {
        lostAfterAWhile();
        time.addAndGet(SECOND / 2);
        fence.lost(alone(true));
        assertThat(resumed()).isEqualTo(1);
    }

    @Test
    void whoIsNotLetWriteGoesDown() throws InterruptedException {
        etcd.of("machine1").obtain();

        assertThat(lostAfterAWhile()).isTrue();
        assertThat(resumed()).isZero();
    }
}
