package io.github.pggauntlet.strategy.fence;

import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Has a program of this machine cut another one's power: see {@link FenceProgram} for what it must guarantee. Its exit status
 * alone counts; what it prints is kept for people. The member's name is an argument of its own, and no shell reads it.
 */
public final class ProgramFencer implements Fencer {

    private static final int MOST_SAID = 300;

    private final FenceProgram program;
    private final Host here;

    /**
     * @param program the program
     * @param here the machine it runs on: this one
     */
    public ProgramFencer(FenceProgram program, Host here) {
        this.program = program;
        this.here = here;
    }

    @Override
    public Proof proveDead(String member) throws InterruptedException {
        List<String> command = new ArrayList<>(program.command());
        command.add(member);
        try {
            CommandResult ended = here.run(new Command(command, Map.of(), program.limit()));
            return ended.succeeded()
                    ? new Proof.Dead("'" + ended.command() + "' has confirmed it" + said(ended))
                    : new Proof.NotProven(
                            "'" + ended.command() + "' ended with status " + ended.status() + said(ended));
        } catch (HostException e) {
            return new Proof.NotProven(String.valueOf(e.getMessage()));
        }
    }

    private static String said(CommandResult ended) {
        String text = (ended.errors().isBlank() ? ended.output() : ended.errors())
                .strip()
                .replaceAll("\\s+", " ");
        String shown = text.length() > MOST_SAID ? text.substring(text.length() - MOST_SAID) : text;
        return shown.isEmpty() ? "" : ": " + shown;
    }

    @Override
    public String toString() {
        return String.join(" ", program.command());
    }
}
