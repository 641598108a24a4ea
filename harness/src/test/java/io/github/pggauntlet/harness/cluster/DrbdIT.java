package io.github.pggauntlet.harness.cluster;

import static io.github.pggauntlet.harness.cluster.DrbdPair.FIRST;
import static io.github.pggauntlet.harness.cluster.DrbdPair.LIMIT;
import static io.github.pggauntlet.harness.cluster.DrbdPair.SECOND;
import static io.github.pggauntlet.harness.cluster.DrbdPair.SETTLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.drbd.DrbdResource;
import io.github.pggauntlet.strategy.drbd.DrbdRules;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.GenerationIds.Relation;
import io.github.pggauntlet.strategy.host.Command;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * PostgreSQL on a disk that DRBD, the kernel's own, keeps alike on two machines: it survives that one loses its power, and what
 * happens without fencing when only the link is lost is seen and mended. One story in two chapters, on one pair of machines.
 */
@Tag("drbd")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrbdIT {

    private static final String SALVAGE = "/var/lib/gauntlet/salvage/split-brain.img";

    private DrbdPair pair;
    private DrbdResource first;
    private DrbdResource second;

    @BeforeAll
    void start() throws InterruptedException {
        pair = DrbdPair.start();
        first = pair.resource(FIRST);
        second = pair.resource(SECOND);
    }

    @AfterAll
    void stop() {
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    @Order(1)
    void nothingAcknowledgedIsLostWithTheMachineThatWroteIt() throws InterruptedException {
        pair.makeServer(FIRST);
        Set<Integer> acknowledged = pair.write(FIRST, 0, 100);

        assertThatThrownBy(() -> second.promote(PeerKnowledge.UNKNOWN))
                .isInstanceOf(HaException.class)
                .hasMessageContaining("the other machine is primary");
        pair.machine(FIRST).kill();
        // The engine says that it is dead; that is proof enough.
        second.promote(PeerKnowledge.FENCED);
        pair.startServer(SECOND);

        assertThat(pair.rows(SECOND)).containsAll(acknowledged);
        assertThat(pair.write(SECOND, 100, 120)).hasSize(20);

        pair.machine(FIRST).start();
        first.up();
        assertThat(first.await("the disks to be alike", SETTLE, DrbdRules::whole)
                        .role())
                .isEqualTo(Role.SECONDARY);
        assertThat(second.verify(SETTLE)).as("kilobytes that differ").isZero();
        assertThat(first.generations().relatedTo(second.generations())).isEqualTo(Relation.SAME);
    }

    @Test
    @Order(2)
    void withoutFencingACutLinkSplitsTheBrainAndThatIsSeenAndMended() throws InterruptedException {
        pair.cut();
        Set<Integer> kept = pair.write(SECOND, 200, 210);
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        Set<Integer> doomed = pair.write(FIRST, 300, 310);
        assertThat(second.status().role()).isEqualTo(Role.PRIMARY);
        assertThat(first.status().role()).as("two Primaries, each on its own").isEqualTo(Role.PRIMARY);
        pair.stopServer(FIRST);
        first.demote();

        pair.join();

        // One of the two sees it and gives the other one up, which may go on waiting for it.
        await("the split brain to be seen")
                .atMost(SETTLE)
                .until(
                        () -> List.of(
                                first.status().connection(), second.status().connection()),
                        seen -> seen.contains(Connection.STAND_ALONE));
        assertThat(first.generations().relatedTo(second.generations())).isEqualTo(Relation.SPLIT_BRAIN);

        assertThatThrownBy(() -> second.giveUp(SALVAGE)).hasMessageContaining("is Primary");
        first.giveUp(SALVAGE);
        second.connect();

        second.await("the disks to be alike", SETTLE, DrbdRules::whole);
        assertThat(pair.rows(SECOND)).containsAll(kept).doesNotContainAnyElementsOf(doomed);
        pair.host(FIRST).run(Command.of(LIMIT, "test", "-s", SALVAGE)).orFail();
    }
}
