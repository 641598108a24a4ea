package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Tls;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSettingsTest {

    private static final List<String> MEMBERS = List.of("machine0", "machine1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fsync",
                "full_page_writes",
                "restart_after_crash",
                "wal_log_hints",
                "hot_standby",
                "recovery_target_timeline",
                "cluster_name",
                "port",
                "data_sync_retry"
            })
    void whatTheStrategyRestsOnCannotBeChanged(String setting) {
        assertThat(ServerSettings.of(config(Map.of(setting, "mine"))))
                .containsEntry(setting, ServerSettings.of(config(Map.of())).get(setting));
        assertThat(ServerSettings.of(config(Map.of())).get(setting)).isNotEqualTo("mine");
    }

    @Test
    void whatMayBeChangedIs() {
        assertThat(ServerSettings.of(config(Map.of("max_connections", "7", "work_mem", "1GB"))))
                .containsEntry("max_connections", "7")
                .containsEntry("work_mem", "1GB")
                .containsEntry("restart_after_crash", "off")
                .containsEntry("cluster_name", "machine0");
    }

    @Test
    void onlyWhoHasAReasonMayConnect() {
        assertThat(ServerSettings.accessRules(config(Map.of())).stream().filter(rule -> !rule.startsWith("#")))
                .isNotEmpty()
                .allMatch(rule -> rule.startsWith("host ") && rule.endsWith("scram-sha-256"))
                .noneMatch(rule -> rule.contains("trust"))
                .filteredOn(rule -> rule.contains(" " + ServerConnection.SUPERUSER + " "))
                .allMatch(rule -> rule.contains("127.0.0.1/32"));
    }

    @Test
    void passwordsAreWrittenAsLibpqReadsThem() {
        assertThat(ServerSettings.passwords(config(Map.of()))).isEqualTo("""
                        machine1.example:5432:*:gauntlet_replication:replication-secret
                        machine1.example:5432:*:gauntlet_rewind:rewind-secret
                        """);
    }

    /** PostgreSQL documentation, "The Password File": a colon or backslash within a field is escaped. */
    @Test
    void anAddressFullOfColonsIsEscaped() {
        AgentConfig config = config(Map.of());
        AgentConfig other = new AgentConfig(
                config.cluster(),
                config.member(),
                config.members(),
                config.durability(),
                config.timings(),
                Map.of("machine1", new Endpoint("fd00::1", 5432)),
                config.agents(),
                config.arbiter(),
                config.credentials(),
                config.settings(),
                config.directory(),
                config.postgresPort(),
                config.agentPort(),
                config.safeguards(),
                config.crashes());

        assertThat(ServerSettings.passwords(other))
                .startsWith("fd00\\:\\:1:5432:*:gauntlet_replication:replication-secret\n");
    }

    /** A password sent to whoever answers is a password given away; so is data. */
    @Test
    void withTlsNobodyConnectsFromElsewhereWithoutIt() {
        AgentConfig config = withTls();

        assertThat(ServerSettings.of(config))
                .containsEntry("ssl", "on")
                .containsEntry("ssl_min_protocol_version", "TLSv1.3")
                .containsEntry("ssl_key_file", "/var/lib/gauntlet/conf/server.key");
        assertThat(ServerSettings.accessRules(config).stream().filter(rule -> !rule.startsWith("#")))
                .filteredOn(rule -> !rule.contains("127.0.0.1/32"))
                .hasSize(4)
                .allMatch(rule -> rule.startsWith("hostssl "));
        assertThat(ServerSettings.of(config(Map.of("ssl", "on")))).containsEntry("ssl", "off");
        assertThat(config.toString()).doesNotContain("secret");
        assertThat(AgentJson.mapper().readValue(AgentJson.mapper().writeValueAsBytes(config), AgentConfig.class))
                .isEqualTo(config);
    }

    private static AgentConfig withTls() {
        AgentConfig plain = config(Map.of());
        return new AgentConfig(
                plain.cluster(),
                plain.member(),
                plain.members(),
                plain.durability(),
                plain.timings(),
                plain.postgres(),
                plain.agents(),
                plain.arbiter(),
                plain.credentials()
                        .withTls(new Tls(
                                "authority",
                                Map.of("machine0", new Tls.Identity("certificate", new Secret("key-secret"))))),
                plain.settings(),
                plain.directory(),
                plain.postgresPort(),
                plain.agentPort(),
                plain.safeguards(),
                plain.crashes());
    }

    @Test
    void theConfigurationSurvivesItsFileAndShowsNoSecret() {
        AgentConfig config = config(Map.of("work_mem", "1GB"));
        byte[] written = AgentJson.mapper().writeValueAsBytes(config);

        assertThat(AgentJson.mapper().readValue(written, AgentConfig.class)).isEqualTo(config);
        assertThat(config.toString()).doesNotContain("secret");
    }

    /** {@code ALTER SYSTEM} would have the last word over every file; over the command line it has none. */
    @Test
    void whatKeepsAcknowledgedWritesIsFixed() {
        assertThat(ServerSettings.of(config(Map.of("restart_after_crash", "on", "fsync", "off"))))
                .containsAllEntriesOf(ServerSettings.fixed())
                .containsEntry("restart_after_crash", "off")
                .containsEntry("data_sync_retry", "off")
                .containsEntry("fsync", "on")
                .containsEntry("full_page_writes", "on")
                .containsEntry("wal_log_hints", "on");
    }

    /** A member that stays away must not fill the others' disks with the WAL that is kept for it. */
    @Test
    void theWalKeptForAbsentMembersIsBoundedAndTheBoundCanBeChanged() {
        assertThat(ServerSettings.of(config(Map.of()))).containsEntry("max_slot_wal_keep_size", "4GB");
        assertThat(ServerSettings.of(config(Map.of("max_slot_wal_keep_size", "40GB"))))
                .containsEntry("max_slot_wal_keep_size", "40GB");
    }

    @Test
    void slotsAreNamedAsPostgresAllows() {
        assertThat(AgentConfig.slot("machine-1")).isEqualTo("gauntlet_machine_1");
    }

    private static AgentConfig config(Map<String, String> settings) {
        return Configs.of("machine0", MEMBERS, Durability.SYNC, settings);
    }
}
