package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Timings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is ordered of a cluster with an address reaches the agents as it was ordered. */
class UcarpClusterTest {

    private final List<String> ordered = new ArrayList<>();
    private final UcarpCluster cluster = new UcarpCluster(
            new ClusterSpec(
                    "c",
                    List.of("machine0", "machine1"),
                    Durability.SYNC,
                    Routes.none(),
                    Timings.quick(),
                    Credentials.random(),
                    Map.of()),
            new Agents());

    @Test
    void whoShallTakeOverIsPassedOn() throws InterruptedException {
        cluster.switchover(Optional.of("machine1"));
        cluster.switchover();
        cluster.giveUp("machine0");
        cluster.close();

        assertThat(ordered).containsExactly("switchover to machine1", "switchover", "give up machine0", "close");
    }

    private final class Agents implements HaCluster {
        @Override
        public ClientAccess clients() {
            throw new IllegalStateException("nobody asks");
        }

        @Override
        public List<NodeStatus> status() {
            return List.of();
        }

        @Override
        public List<JournalEntry> journal(String member, long after) {
            return List.of();
        }

        @Override
        public void switchover() {
            ordered.add("switchover");
        }

        @Override
        public void switchover(Optional<String> to) {
            ordered.add("switchover to " + to.orElse("anybody"));
        }

        @Override
        public void giveUp(String member) {
            ordered.add("give up " + member);
        }

        @Override
        public void close() {
            ordered.add("close");
        }
    }
}
