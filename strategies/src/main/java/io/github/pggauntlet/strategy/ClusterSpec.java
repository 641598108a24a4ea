package io.github.pggauntlet.strategy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The cluster that is wanted.
 *
 * @param name the cluster's name: letters, digits and minus
 * @param members the members' names, most preferred primary first: lower-case letters, digits and minus
 * @param durability what an acknowledged COMMIT has survived
 * @param routes how the parties reach each other
 * @param timings the durations to work with
 * @param credentials the cluster's secrets
 * @param settings further PostgreSQL settings, which the strategy's own override
 * @param safeguards what stands behind the strategy's own care on each machine
 * @param crashes what happens when a primary's PostgreSQL has ended by itself
 */
public record ClusterSpec(
        String name,
        List<String> members,
        Durability durability,
        Routes routes,
        Timings timings,
        Credentials credentials,
        Map<String, String> settings,
        Safeguards safeguards,
        CrashPolicy crashes) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,40}");

    public ClusterSpec {
        members = List.copyOf(members);
        settings = Map.copyOf(settings);
        requireName("A cluster's name", name);
        members.forEach(member -> requireName("A member's name", member));
        if (new HashSet<>(members).size() != members.size()) {
            throw new IllegalArgumentException("Two members have the same name: " + members + ".");
        }
    }

    /** A cluster with the {@linkplain Safeguards#standard() standard} safeguards that fails over at once. */
    public ClusterSpec(
            String name,
            List<String> members,
            Durability durability,
            Routes routes,
            Timings timings,
            Credentials credentials,
            Map<String, String> settings) {
        this(
                name,
                members,
                durability,
                routes,
                timings,
                credentials,
                settings,
                Safeguards.standard(),
                CrashPolicy.failOver());
    }

    /** This with other secrets. */
    public ClusterSpec with(Credentials others) {
        return new ClusterSpec(name, members, durability, routes, timings, others, settings, safeguards, crashes);
    }

    /** This with other safeguards. */
    public ClusterSpec with(Safeguards others) {
        return new ClusterSpec(name, members, durability, routes, timings, credentials, settings, others, crashes);
    }

    /** This with another policy for crashes. */
    public ClusterSpec with(CrashPolicy other) {
        return new ClusterSpec(name, members, durability, routes, timings, credentials, settings, safeguards, other);
    }

    private static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " is made of lower-case letters, digits and minus and starts with a letter; '" + name
                            + "' is not.");
        }
    }
}
