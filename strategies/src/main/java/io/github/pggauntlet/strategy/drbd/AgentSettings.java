package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an agent works with, as it lies in a file on its machine.
 *
 * @param member its machine's name
 * @param other the other machine's name
 * @param agent the port at which it answers
 * @param neighbour where the other machine's agent answers
 * @param resource the path of the resource's file
 * @param mountPoint where the file system of the replicated disk is mounted
 * @param shutdown how long PostgreSQL may take to stop
 * @param token who knows it may give orders
 * @param cluster the cluster's name
 * @param arbiters where the witness is reached; empty if there is none
 */
record AgentSettings(
        String member,
        String other,
        int agent,
        Endpoint neighbour,
        String resource,
        String mountPoint,
        Duration shutdown,
        Secret token,
        String cluster,
        List<Endpoint> arbiters) {

    AgentSettings {
        arbiters = List.copyOf(arbiters);
    }

    String render() {
        Properties values = new Properties();
        values.setProperty("member", member);
        values.setProperty("other", other);
        values.setProperty("agent", Integer.toString(agent));
        values.setProperty("neighbour-host", neighbour.host());
        values.setProperty("neighbour-port", Integer.toString(neighbour.port()));
        values.setProperty("resource", resource);
        values.setProperty("mount-point", mountPoint);
        values.setProperty("shutdown-seconds", Long.toString(Math.max(1, shutdown.toSeconds())));
        values.setProperty("token", token.reveal());
        values.setProperty("cluster", cluster);
        values.setProperty("arbiters", arbiters.stream().map(Endpoint::toString).collect(Collectors.joining(" ")));
        StringWriter text = new StringWriter();
        try {
            values.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if something is missing or not what it should be */
    static AgentSettings parse(String text) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AgentSettings(
                value(values, "member"),
                value(values, "other"),
                Integer.parseInt(value(values, "agent")),
                new Endpoint(value(values, "neighbour-host"), Integer.parseInt(value(values, "neighbour-port"))),
                value(values, "resource"),
                value(values, "mount-point"),
                Duration.ofSeconds(Long.parseLong(value(values, "shutdown-seconds"))),
                new Secret(value(values, "token")),
                value(values, "cluster"),
                Arrays.stream(value(values, "arbiters").split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(AgentSettings::endpoint)
                        .toList());
    }

    private static Endpoint endpoint(String text) {
        int colon = text.lastIndexOf(':');
        return new Endpoint(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static String value(Properties values, String name) {
        return Optional.ofNullable(values.getProperty(name))
                .orElseThrow(() -> new IllegalArgumentException("The agent's settings do not say '" + name
                        + "'; they say " + new TreeSet<>(values.stringPropertyNames()) + "."));
    }
}
