package io.github.pggauntlet.strategy.host;

/**
 * How a command ended.
 *
 * @param command the command
 * @param status its exit status
 * @param output what it wrote to its standard output
 * @param errors what it wrote to its standard error
 */
public record CommandResult(Command command, int status, String output, String errors) {

    /** Whether the status is zero. */
    public boolean succeeded() {
        return status == 0;
    }

    /**
     * This result, if the command succeeded.
     *
     * @throws HostException if it did not; the message carries the status and the last of what it said
     */
    public CommandResult orFail() {
        if (!succeeded()) {
            throw new HostException(describe());
        }
        return this;
    }

    /** One line about the end of the command: its status and the last of what it said. */
    public String describe() {
        String said = errors.isBlank() ? output : errors;
        String[] lines = said.strip().split("\\R");
        int from = Math.max(0, lines.length - 5);
        return "'" + command + "' ended with status " + status + ": "
                + String.join(" | ", java.util.Arrays.asList(lines).subList(from, lines.length));
    }
}
