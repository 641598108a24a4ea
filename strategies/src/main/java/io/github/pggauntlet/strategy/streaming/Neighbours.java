package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.postgres.ConnectionInfo;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.util.HashMap;
import java.util.Map;

/** How a member reaches the PostgreSQL of the others. */
final class Neighbours {

    private final AgentConfig config;
    private final PostgresLayout layout;

    Neighbours(AgentConfig config, PostgresLayout layout) {
        this.config = config;
        this.layout = layout;
    }

    /** A replication connection of the agent's own. */
    PrimaryConnection connectTo(String member) {
        return new PrimaryConnection(
                member,
                endpointOf(member),
                config.credentials().replication(),
                config.credentials()
                        .tls()
                        .map(tls -> ClientAccess.tlsProperties(tls.authority()))
                        .orElseGet(() -> Map.of("sslmode", "disable")),
                config.timings().call());
    }

    /** How this member streams from another member. */
    ConnectionInfo replication(String member) {
        return connection(member, LocalServer.REPLICATION_USER, config.member());
    }

    /**
     * How this member is copied from another member: not under its own name, for a copy under way reports positions as a standby
     * does, and no commit may rest on one.
     */
    ConnectionInfo copy(String member) {
        return connection(member, LocalServer.REPLICATION_USER, config.member() + "_copy");
    }

    /** How pg_rewind on this member reaches another member. */
    ConnectionInfo rewind(String member) {
        return connection(member, LocalServer.REWIND_USER, config.member() + "_rewind");
    }

    private ConnectionInfo connection(String member, String user, String application) {
        Endpoint endpoint = endpointOf(member);
        Map<String, String> parameters = new HashMap<>();
        parameters.put("host", endpoint.host());
        parameters.put("port", Integer.toString(endpoint.port()));
        parameters.put("user", user);
        parameters.put("dbname", "postgres");
        parameters.put("application_name", application);
        parameters.put("passfile", layout.passwordFile());
        parameters.put("connect_timeout", "2");
        parameters.put("keepalives_idle", "5");
        boolean tls = config.credentials().tls().isPresent();
        parameters.put("sslmode", tls ? "verify-full" : "disable");
        if (tls) {
            parameters.put("sslrootcert", layout.authorityFile());
        }
        return new ConnectionInfo(parameters);
    }

    private Endpoint endpointOf(String member) {
        Endpoint endpoint = config.postgres().get(member);
        if (endpoint == null) {
            throw new IllegalArgumentException("There is no other member '" + member + "'.");
        }
        return endpoint;
    }
}
