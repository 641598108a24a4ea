package io.github.pggauntlet.harness.check.model;

import io.github.pggauntlet.harness.check.register.RegisterHistory;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.SplittableRandom;

/** Registers that work, used by sessions that take turns by lot. */
public final class RegisterModel {

    private static final long STEP_NANOS = 1_000;
    private static final int OPERATIONS_PER_KEY = 1_000;

    private RegisterModel() {}

    /**
     * A linearizable history. Each operation takes effect when it begins or when it ends.
     *
     * @param operations how many, half of them writes
     * @param sessions how many operations overlap
     * @param unknown the share of writes of unknown outcome, of which half take effect
     * @param seed of all that is drawn by lot
     */
    public static RegisterHistory sound(int operations, int sessions, double unknown, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RegisterHistory.Builder builder = RegisterHistory.builder();
        int keys = Math.max(1, operations / OPERATIONS_PER_KEY);
        long[] current = new long[keys];
        int[] key = new int[sessions];
        boolean[] busy = new boolean[sessions];
        boolean[] write = new boolean[sessions];
        boolean[] early = new boolean[sessions];
        boolean[] effective = new boolean[sessions];
        Outcome[] outcome = new Outcome[sessions];
        long[] invoked = new long[sessions];
        long[] value = new long[sessions];
        long next = 1;
        long now = 0;
        for (int done = 0; done < operations; ) {
            now += STEP_NANOS;
            int session = random.nextInt(sessions);
            if (!busy[session]) {
                busy[session] = true;
                key[session] = random.nextInt(keys);
                write[session] = random.nextBoolean();
                early[session] = random.nextBoolean();
                invoked[session] = now;
                outcome[session] = random.nextDouble() < unknown ? Outcome.UNKNOWN : Outcome.ACKNOWLEDGED;
                effective[session] = outcome[session] == Outcome.ACKNOWLEDGED || random.nextBoolean();
                value[session] = write[session] ? next++ : current[key[session]];
                if (write[session] && early[session] && effective[session]) {
                    current[key[session]] = value[session];
                }
            } else {
                busy[session] = false;
                done++;
                if (write[session]) {
                    if (!early[session] && effective[session]) {
                        current[key[session]] = value[session];
                    }
                    builder.write(key[session], value[session], invoked[session], now, outcome[session]);
                } else {
                    long seen = early[session] ? value[session] : current[key[session]];
                    if (seen == 0) {
                        builder.readOfNothing(key[session], invoked[session], now);
                    } else {
                        builder.read(key[session], seen, invoked[session], now);
                    }
                }
            }
        }
        for (int session = 0; session < sessions; session++) {
            // What is under way when the history ends may have been seen.
            if (busy[session] && write[session]) {
                builder.write(key[session], value[session], invoked[session], now, Outcome.UNKNOWN);
            }
        }
        return builder.build();
    }
}
