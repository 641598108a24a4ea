package io.github.pggauntlet.strategy.ucarp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How ucarp runs on one machine.
 *
 * <p>The rules are those of UCARP 1.5.2 ({@code carp.c}, {@code ucarp.c}): a machine advertises every
 * {@code advbase + advskew/256} s; a backup becomes master when it has heard nothing for
 * {@code advbase*deadRatio + advskew/256} s by <em>its own</em> settings, which it notices when it next wakes, after one of
 * its own intervals at the latest; the skew is not multiplied by the ratio.
 *
 * @param vhid the address's number within the network segment, 1 to 255
 * @param advbase {@code -b}: whole seconds between advertisements, 0 to 255
 * @param advskew {@code -k}: 256ths of a second more, 0 to 255; never 0 with {@code advbase} 0
 * @param deadRatio {@code -r}: after how many base intervals of silence the master counts as dead, at least 1
 * @param neutral {@code --neutral}: the down-script is not run on the way from starting to backup
 * @param shutdown {@code -z}: the down-script is run when ucarp is told to end, unless it is backup
 * @param preempt {@code -P}: takes the address from a master that advertises less often
 */
public record UcarpConfig(
        int vhid, int advbase, int advskew, int deadRatio, boolean neutral, boolean shutdown, boolean preempt) {

    /** ucarp refuses a longer password. */
    static final int LONGEST_PASSWORD = 19;

    private static final int BYTE = 255;
    private static final long SKEWS_PER_SECOND = 256;
    private static final long NANOS = 1_000_000_000L;

    public UcarpConfig {
        require("The address's number (vhid)", vhid, 1, BYTE);
        // ucarp keeps it in one byte: 256 would be 0.
        require("The base of the interval (-b)", advbase, 0, BYTE);
        require("The skew (-k)", advskew, 0, BYTE);
        if (deadRatio == 0) {
            throw new IllegalArgumentException(
                    "A dead ratio (-r) of 0 would take the master for dead at once, and ucarp refuses it; give at least 1.");
        }
        require("The dead ratio (-r)", deadRatio, 1, BYTE);
        if (advbase == 0 && advskew == 0) {
            throw new IllegalArgumentException(
                    "Base (-b) and skew (-k) cannot both be 0: there would be no time between"
                            + " advertisements, and ucarp refuses it; make one of them at least 1.");
        }
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " lies between " + least + " and " + most + "; " + value + " does not.");
        }
    }

    /** The time between two of this machine's advertisements. */
    public Duration interval() {
        return Duration.ofSeconds(advbase).plus(skew());
    }

    /** For how long this machine, as backup, must have heard nothing before it becomes master. */
    public Duration deadTime() {
        return Duration.ofSeconds((long) advbase * deadRatio).plus(skew());
    }

    private Duration skew() {
        return Duration.ofNanos(advskew * NANOS / SKEWS_PER_SECOND);
    }

    /**
     * The soonest after the master's death that this machine becomes master: the last advertisement may be as old as the
     * master's interval.
     */
    public Duration soonestAfter(UcarpConfig master) {
        Duration soonest = deadTime().minus(master.interval());
        return soonest.isNegative() ? Duration.ZERO : soonest;
    }

    /** The latest after the master's death that this machine becomes master: it looks at the time once an interval. */
    public Duration latest() {
        return deadTime().plus(interval());
    }

    /**
     * The command.
     *
     * @param networkInterface the interface that the address goes on
     * @param address the virtual address
     * @param passwordFile the file with the password that the machines share; readable by root alone
     * @param scripts the directory of the scripts
     * @return the program and its arguments, without the machine's own address ({@code --srcip})
     */
    public List<String> command(String networkInterface, String address, String passwordFile, String scripts) {
        List<String> command = new ArrayList<>(List.of(
                "ucarp",
                "--interface=" + networkInterface,
                "--vhid=" + vhid,
                "--passfile=" + passwordFile,
                "--addr=" + address,
                "--advbase=" + advbase,
                "--advskew=" + advskew,
                "--deadratio=" + deadRatio,
                "--upscript=" + scripts + "/vip-up",
                "--downscript=" + scripts + "/vip-down"));
        if (neutral) {
            command.add("--neutral");
        }
        if (shutdown) {
            command.add("--shutdown");
        }
        if (preempt) {
            command.add("--preempt");
        }
        return List.copyOf(command);
    }
}
