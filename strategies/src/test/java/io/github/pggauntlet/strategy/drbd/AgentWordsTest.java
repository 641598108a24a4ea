package io.github.pggauntlet.strategy.drbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent says and keeps is read back as it was meant. */
class AgentWordsTest {

    private static final Instant NOW = Instant.parse("2024-05-06T07:08:09.123456Z");

    private static NodeStatus status(NodeRole role, boolean streaming, OptionalInt timeline) {
        boolean primary = role == NodeRole.PRIMARY;
        return new NodeStatus(
                "machine0",
                NOW,
                role,
                primary,
                timeline,
                Optional.empty(),
                streaming,
                primary ? OptionalLong.of(4711) : OptionalLong.empty(),
                primary ? Set.of("machine0", "machine1") : Set.of(),
                primary,
                "Connected, \t=&%\n and more");
    }

    @Test
    void aStatusIsReadBack() {
        for (NodeStatus said : List.of(
                status(NodeRole.PRIMARY, false, OptionalInt.of(7)),
                status(NodeRole.STANDBY, true, OptionalInt.empty()),
                status(NodeRole.TRANSITION, false, OptionalInt.empty()))) {
            assertThat(Lines.status(Lines.of(said))).isEqualTo(said);
        }
        assertThatThrownBy(() -> Lines.status("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Lines.status("role=PRIMARY\nat=noon\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aConnectedStandbyIsOnThePrimarysTimelineAndNoOtherIs() {
        NodeStatus primary = status(NodeRole.PRIMARY, false, OptionalInt.of(7));
        NodeStatus standby = status(NodeRole.STANDBY, true, OptionalInt.empty());
        NodeStatus lost = status(NodeRole.STANDBY, false, OptionalInt.empty());
        assertThat(DrbdCluster.shared(List.of(primary, standby)).get(1).timeline())
                .hasValue(7);
        assertThat(DrbdCluster.shared(List.of(primary, lost)).get(1).timeline()).isEmpty();
        assertThat(DrbdCluster.shared(List.of(standby, standby)).get(0).timeline())
                .isEmpty();
        // Two who say that they lead: on whose timeline it would be nobody knows.
        assertThat(DrbdCluster.shared(List.of(primary, primary, standby)).get(2).timeline())
                .isEmpty();
    }

    @Test
    void aJournalOutlivesAnEndInTheMidstOfALine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("journal");
        DiskJournal journal = DiskJournal.open(file, "machine0", Clock.systemUTC());
        journal.add(Milestone.AGENT_STARTED, Map.of());
        journal.add(Milestone.ELECTED, Map.of("by", "ucarp & co", "turn", "a=b\tc"));
        Files.writeString(file, "3\t2024-05-06T07:0", StandardOpenOption.APPEND);

        DiskJournal again = DiskJournal.open(file, "machine0", Clock.systemUTC());
        again.add(Milestone.DEMOTED, Map.of());

        List<JournalEntry> entries =
                DiskJournal.open(file, "machine0", Clock.systemUTC()).after(0);
        assertThat(entries).extracting(JournalEntry::sequence).containsExactly(1L, 2L, 3L);
        assertThat(entries.get(1).details()).containsEntry("by", "ucarp & co").containsEntry("turn", "a=b\tc");
        assertThat(entries.get(2).milestone()).isEqualTo(Milestone.DEMOTED);
        assertThat(again.after(2)).hasSize(1);
    }

    @Test
    void settingsAreReadBackAndWhatIsMissingIsNamed() {
        AgentSettings settings = new AgentSettings(
                "machine0",
                "machine1",
                8008,
                new Endpoint("proxy", 9000),
                "/etc/drbd.d/pgdata.res",
                "/var/lib/gauntlet/disk",
                Duration.ofSeconds(10),
                new Secret("token"),
                "gauntlet",
                List.of(new Endpoint("arbiter", 2379), new Endpoint("arbiter1", 1)));
        assertThat(AgentSettings.parse(settings.render())).isEqualTo(settings);
        assertThatThrownBy(() -> AgentSettings.parse("member=machine0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other");
    }
}
