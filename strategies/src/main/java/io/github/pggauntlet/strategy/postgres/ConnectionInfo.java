package io.github.pggauntlet.strategy.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A libpq connection string (PostgreSQL documentation, section "Connection Strings"), with its values quoted.
 *
 * @param parameters libpq's keywords and their values; never a password, which belongs in a password file
 */
public record ConnectionInfo(Map<String, String> parameters) {

    public ConnectionInfo {
        parameters = Map.copyOf(parameters);
        if (parameters.containsKey("password")) {
            throw new IllegalArgumentException("A password does not belong in a connection string.");
        }
    }

    /** This with one more parameter. */
    public ConnectionInfo with(String keyword, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(keyword, value);
        return new ConnectionInfo(more);
    }

    @Override
    public String toString() {
        return parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(parameter -> parameter.getKey() + "='"
                        + parameter.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(" "));
    }
}
