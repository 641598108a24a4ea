package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.CrashPolicy;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.Tls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations for tests. */
final class Configs {

    static final Credentials CREDENTIALS = new Credentials(
            new Secret("super-secret"),
            new Secret("replication-secret"),
            new Secret("rewind-secret"),
            new Secret("application-secret"),
            new Secret("agent-secret"),
            Optional.empty());

    private Configs() {}

    static AgentConfig of(String member, List<String> members, Durability durability, Map<String, String> settings) {
        Map<String, Endpoint> others = new HashMap<>();
        members.stream()
                .filter(other -> !other.equals(member))
                .forEach(other -> others.put(other, new Endpoint(other + ".example", 5432)));
        return new AgentConfig(
                "shop",
                member,
                members,
                durability,
                Timings.quick(),
                others,
                others,
                List.of(new Endpoint("etcd.example", 2379)),
                CREDENTIALS,
                settings,
                "/var/lib/gauntlet",
                5432,
                8008,
                Safeguards.standard(),
                CrashPolicy.failOver());
    }

    /** A member of a cluster with TLS. */
    static AgentConfig encrypted(String member, List<String> members, Tls tls) {
        AgentConfig plain = of(member, members, Durability.SYNC, Map.of());
        return new AgentConfig(
                plain.cluster(),
                plain.member(),
                plain.members(),
                plain.durability(),
                plain.timings(),
                plain.postgres(),
                plain.agents(),
                plain.arbiter(),
                CREDENTIALS.withTls(tls),
                plain.settings(),
                plain.directory(),
                plain.postgresPort(),
                plain.agentPort(),
                plain.safeguards(),
                plain.crashes());
    }

    /** A member that restarts its PostgreSQL in place first. */
    static AgentConfig restarting(String member, List<String> members, Duration within) {
        AgentConfig plain = of(member, members, Durability.SYNC, Map.of());
        return new AgentConfig(
                plain.cluster(),
                plain.member(),
                plain.members(),
                plain.durability(),
                plain.timings(),
                plain.postgres(),
                plain.agents(),
                plain.arbiter(),
                plain.credentials(),
                plain.settings(),
                plain.directory(),
                plain.postgresPort(),
                plain.agentPort(),
                plain.safeguards(),
                CrashPolicy.restartFirst(within));
    }
}
