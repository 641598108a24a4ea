package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.CrashPolicy;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent is told when it starts.
 *
 * @param cluster the cluster's name
 * @param member the agent's own member
 * @param members all members, most preferred first
 * @param durability what an acknowledged COMMIT has survived
 * @param timings the durations to work with
 * @param postgres where the other members' PostgreSQL is reached from here
 * @param agents where the other members' agents are reached from here
 * @param arbiter where the arbiter is reached from here; empty if there is none beside the members
 * @param credentials the cluster's secrets
 * @param settings further PostgreSQL settings
 * @param directory where everything is kept
 * @param postgresPort the port PostgreSQL listens on
 * @param agentPort the port the agent listens on
 * @param safeguards what stands behind the agent's own care
 * @param crashes what is done when PostgreSQL, the primary, has ended by itself
 */
record AgentConfig(
        String cluster,
        String member,
        List<String> members,
        Durability durability,
        Timings timings,
        Map<String, Endpoint> postgres,
        Map<String, Endpoint> agents,
        List<Endpoint> arbiter,
        Credentials credentials,
        Map<String, String> settings,
        String directory,
        int postgresPort,
        int agentPort,
        Safeguards safeguards,
        CrashPolicy crashes) {

    AgentConfig {
        members = List.copyOf(members);
        postgres = Map.copyOf(postgres);
        agents = Map.copyOf(agents);
        arbiter = List.copyOf(arbiter);
        settings = Map.copyOf(settings);
    }

    static final int POSTGRES_PORT = 5432;
    static final int AGENT_PORT = 8008;
    static final String DIRECTORY = "/var/lib/gauntlet";

    static AgentConfig of(ClusterSpec spec, String member) {
        Map<String, Endpoint> postgres = new HashMap<>();
        Map<String, Endpoint> agents = new HashMap<>();
        for (String other : spec.members()) {
            if (!other.equals(member)) {
                postgres.put(other, spec.routes().route(member, other, Service.POSTGRES));
                agents.put(other, spec.routes().route(member, other, Service.AGENT));
            }
        }
        return new AgentConfig(
                spec.name(),
                member,
                spec.members(),
                spec.durability(),
                spec.timings(),
                postgres,
                agents,
                arbiters(spec.routes(), member),
                spec.credentials().of(member),
                spec.settings(),
                DIRECTORY,
                POSTGRES_PORT,
                AGENT_PORT,
                spec.safeguards(),
                spec.crashes());
    }

    /** Where a member reaches the arbiters: the first, and those after it if there are several; none if there is none. */
    private static List<Endpoint> arbiters(Routes routes, String member) {
        List<Endpoint> all = new ArrayList<>();
        while (true) {
            String name = all.isEmpty() ? Routes.ARBITER : Routes.ARBITER + all.size();
            Optional<Endpoint> next = routes.find(member, name, Service.ARBITER);
            if (next.isEmpty()) {
                return List.copyOf(all);
            }
            all.add(next.get());
        }
    }

    /** The other members, in the order of preference. */
    List<String> others() {
        return members.stream().filter(other -> !other.equals(member)).toList();
    }

    /** This somewhere else on its machine. */
    AgentConfig at(String otherDirectory, int otherPostgresPort, int otherAgentPort) {
        return new AgentConfig(
                cluster,
                member,
                members,
                durability,
                timings,
                postgres,
                agents,
                arbiter,
                credentials,
                settings,
                otherDirectory,
                otherPostgresPort,
                otherAgentPort,
                safeguards,
                crashes);
    }

    /** Where everything of its PostgreSQL lies. */
    PostgresLayout layout() {
        return new PostgresLayout(directory);
    }

    /**
     * What the member proves itself with to whoever asks its agent, and to etcd; empty without TLS.
     *
     * @throws IllegalArgumentException if its certificate or its key cannot be used
     */
    Optional<TlsContext> tls() {
        return credentials.tls().map(tls -> TlsContext.of(tls.authority(), tls.identity(member)));
    }

    int preference() {
        return members.indexOf(member);
    }

    /** The replication slot of a member, on whichever member is primary. */
    static String slot(String member) {
        return "gauntlet_" + member.replace('-', '_');
    }
}
