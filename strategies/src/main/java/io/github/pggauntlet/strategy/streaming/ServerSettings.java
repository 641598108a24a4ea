package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings, access rules and passwords of a member's PostgreSQL that do not change with its role. */
final class ServerSettings {

    private static final int SENDERS_PER_MEMBER = 2;
    private static final int SPARE_SENDERS = 6;

    private ServerSettings() {}

    static Map<String, String> of(AgentConfig config) {
        String senders = Integer.toString(SENDERS_PER_MEMBER * config.members().size() + SPARE_SENDERS);
        Map<String, String> settings = new HashMap<>();
        // What users may change.
        settings.put("max_connections", "100");
        settings.put("wal_keep_size", "512MB");
        settings.put("max_slot_wal_keep_size", "4GB");
        settings.put("wal_sender_timeout", "5s");
        settings.put("wal_receiver_timeout", "5s");
        settings.put("wal_receiver_status_interval", "1s");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d/%a ");
        settings.put("log_checkpoints", "on");
        settings.put("synchronous_commit", "on");
        settings.putAll(config.settings());
        // What the strategy rests on.
        settings.put("listen_addresses", "*");
        settings.put("port", Integer.toString(config.postgresPort()));
        settings.put("cluster_name", config.member());
        settings.put("password_encryption", "scram-sha-256");
        settings.put("wal_level", "replica");
        settings.put("max_wal_senders", senders);
        settings.put("max_replication_slots", senders);
        settings.put("wal_retrieve_retry_interval", "100ms");
        settings.putAll(fixed());
        boolean tls = config.credentials().tls().isPresent();
        settings.put("ssl", tls ? "on" : "off");
        if (tls) {
            settings.put("ssl_min_protocol_version", "TLSv1.3");
            settings.put("ssl_ca_file", config.layout().authorityFile());
            settings.put("ssl_cert_file", config.layout().certificateFile());
            settings.put("ssl_key_file", config.layout().keyFile());
        }
        return settings;
    }

    /**
     * What nobody may change, not even by {@code ALTER SYSTEM}, whose file has the last word among the files: it is said on
     * the command line too.
     */
    static Map<String, String> fixed() {
        return Map.of(
                "hot_standby", "on",
                "wal_log_hints", "on",
                "full_page_writes", "on",
                "fsync", "on",
                "recovery_target_timeline", "latest",
                // A crash is the agent's business: a server that restarts itself would make waiting commits visible.
                "restart_after_crash", "off",
                // After a failed fsync the page cache may hold what the disk does not.
                "data_sync_retry", "off");
    }

    /** Who may connect: each role from where, and to what, it has a reason to; from other machines by TLS if there is any. */
    static List<String> accessRules(AgentConfig config) {
        String remote = config.credentials().tls().isPresent() ? "hostssl" : "host";
        return List.of(
                "# type  database  user  address  method",
                rule("host", "all", ServerConnection.SUPERUSER, "127.0.0.1/32"),
                rule(remote, "replication", LocalServer.REPLICATION_USER, "all"),
                // For the history of the primary's timeline, which is asked for in a session on a database.
                rule(remote, "postgres", LocalServer.REPLICATION_USER, "all"),
                rule(remote, "postgres", LocalServer.REWIND_USER, "all"),
                rule(remote, LocalServer.APPLICATION, LocalServer.APPLICATION, "all"));
    }

    private static String rule(String type, String database, String user, String address) {
        return String.join(" ", type, database, user, address, "scram-sha-256");
    }

    /** The content of a password file as libpq reads it. */
    static String passwords(AgentConfig config) {
        Credentials secrets = config.credentials();
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(config.postgres()).forEach((member, endpoint) -> {
            lines.append(password(endpoint, LocalServer.REPLICATION_USER, secrets.replication()));
            lines.append(password(endpoint, LocalServer.REWIND_USER, secrets.rewind()));
        });
        return lines.toString();
    }

    private static String password(Endpoint endpoint, String user, Secret secret) {
        String host = endpoint.host().replace("\\", "\\\\").replace(":", "\\:");
        return host + ":" + endpoint.port() + ":*:" + user + ":" + secret.reveal() + "\n";
    }
}
