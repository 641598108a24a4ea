package io.github.pggauntlet.strategy;

import java.time.Duration;
import java.util.List;

/**
 * A program on each machine that proves another member's machine dead, by making it so: it cuts that machine's power.
 *
 * <p>It is run as the user {@code postgres}, with the member's name as its last argument and nothing on its standard input.
 * <b>Exit status 0 must mean</b>: the machine of that member was off, or has been switched off, <em>and that was confirmed by
 * whatever feeds it</em> (a board's controller, a power strip, a hypervisor), and it stays off until an operator, or something
 * that stands for one, starts it again. An order that was merely taken is no proof, nor is a machine that does not answer.
 * Everything else, an exit status other than 0, a program that cannot be started or does not end in time, proves nothing, and
 * then nobody is promoted.
 *
 * <p>The way by which it reaches the device must not be the way by which the machines reach each other: what cuts that would
 * cut both. The name it gets is a member's: which board or socket belongs to it is for the program to know. These are the
 * guarantees that cluster managers ask of their fence agents (STONITH).
 *
 * @param command the program, by its absolute path, and the arguments that come before the member's name
 * @param limit how long it may take; it is killed then, and nothing is proven
 * @param headStart for how long a standby must have heard nothing before it shoots. The primary shoots as soon as it has to go
 *     on without its standby, so that after a cut link the two do not shoot each other; it needs PostgreSQL's
 *     {@code wal_sender_timeout} of 5 s to come to that. With a shorter head start both may go down.
 */
public record FenceProgram(List<String> command, Duration limit, Duration headStart) {

    private static final Duration STANDARD_LIMIT = Duration.ofSeconds(20);
    private static final Duration STANDARD_HEAD_START = Duration.ofSeconds(8);

    public FenceProgram {
        command = List.copyOf(command);
        if (command.isEmpty() || !command.get(0).startsWith("/")) {
            throw new IllegalArgumentException("A program that proves machines dead is given by its absolute path; "
                    + (command.isEmpty() ? "nothing" : "'" + command.get(0) + "'") + " is none.");
        }
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("A program that proves machines dead needs a time limit above zero.");
        }
        if (headStart.isNegative()) {
            throw new IllegalArgumentException("A head start is not negative; " + headStart + " is.");
        }
    }

    /** A program that may take 20 s, with a head start of 8 s for the primary. */
    public static FenceProgram of(String... command) {
        return new FenceProgram(List.of(command), STANDARD_LIMIT, STANDARD_HEAD_START);
    }

    /** How much longer than without it a standby's promotion may take. */
    public Duration longest() {
        return headStart.plus(limit);
    }
}
