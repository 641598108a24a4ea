package io.github.pggauntlet.strategy.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A command to run on a machine: a program and its arguments, never a line for a shell to parse.
 *
 * @param arguments the program, then its arguments
 * @param environment variables to set beside those of the machine; the place for a password, since it is never logged
 * @param limit how long the command may take
 */
public record Command(List<String> arguments, Map<String, String> environment, Duration limit) {

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("A command needs a program.");
        }
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("A command needs a time limit above zero.");
        }
    }

    /** A command without further environment. */
    public static Command of(Duration limit, String... arguments) {
        return new Command(List.of(arguments), Map.of(), limit);
    }

    /** This command with one more environment variable. */
    public Command with(String variable, String value) {
        Map<String, String> more = new java.util.HashMap<>(environment);
        more.put(variable, value);
        return new Command(arguments, more, limit);
    }

    /** The arguments, without the environment. */
    @Override
    public String toString() {
        return String.join(" ", arguments);
    }
}
