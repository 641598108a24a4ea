package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.check.model.WingGongLowe;
import io.github.pggauntlet.harness.check.model.WingGongLowe.Call;
import io.github.pggauntlet.harness.check.register.RegisterChecker;
import io.github.pggauntlet.harness.check.register.RegisterHistory;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A small history of one register for both ways of checking: rounds of overlapping writes, of which the last is read. */
final class TrialRegister {

    private static final int OPERATIONS = 60;
    private static final long LENGTH = 100;

    private final List<Call<Step>> calls = new ArrayList<>();
    private final RegisterHistory history;

    /** What was done: a write or a read of a value. */
    private record Step(boolean write, long value) {}

    TrialRegister(int overlap, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RegisterHistory.Builder builder = RegisterHistory.builder();
        long value = 0;
        for (long round = 0; calls.size() < OPERATIONS; round++) {
            long begin = round * 2 * LENGTH;
            for (int i = 1; i < overlap; i++) {
                write(builder, ++value, begin + random.nextInt(10), begin + LENGTH);
            }
            long last = value - random.nextInt(overlap - 1);
            builder.read(0, last, begin + LENGTH + 1, begin + LENGTH + 2);
            calls.add(new Call<>(new Step(false, last), begin + LENGTH + 1, begin + LENGTH + 2, false));
        }
        this.history = builder.build();
    }

    private void write(RegisterHistory.Builder builder, long value, long invoked, long completed) {
        builder.write(0, value, invoked, completed, Outcome.ACKNOWLEDGED);
        calls.add(new Call<>(new Step(true, value), invoked, completed, false));
    }

    boolean byTrial() {
        return WingGongLowe.linearizable(
                new WingGongLowe.Model<Long, Step>() {
                    @Override
                    public Long initial() {
                        return 0L;
                    }

                    @Override
                    public Optional<Long> step(Long state, Step step) {
                        return step.write() || state == step.value() ? Optional.of(step.value()) : Optional.empty();
                    }
                },
                calls);
    }

    boolean byZones() {
        return new RegisterChecker().check(history).linearizable();
    }
}
