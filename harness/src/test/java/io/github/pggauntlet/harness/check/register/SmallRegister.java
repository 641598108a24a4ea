package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.check.model.WingGongLowe;
import io.github.pggauntlet.harness.check.model.WingGongLowe.Call;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Small histories of one register by lot, and what trying all orders says of them. */
final class SmallRegister {

    /** A value of 0 is that of before the first write. A negative version is not known. */
    record Op(boolean write, long value, int version, long expected, Outcome outcome, long invoked, long completed) {

        boolean mayNotHaveBeen() {
            return outcome == Outcome.UNKNOWN;
        }
    }

    record State(long value, int version) {}

    private SmallRegister() {}

    /** A register that works, with clients that overlap; sometimes with something changed afterwards. */
    static List<Op> of(long seed, int most, boolean compareAndSet) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = 1 + random.nextInt(most);
        int overlap = 1 + random.nextInt(30);
        List<Op> ops = new ArrayList<>();
        long value = 0;
        int version = 0;
        for (int i = 0; i < count; i++) {
            long instant = 10L * (i + 1);
            long invoked = instant - random.nextInt(overlap);
            long completed = instant + random.nextInt(overlap);
            if (random.nextInt(3) > 0) {
                Outcome outcome = random.nextInt(5) > 0
                        ? Outcome.ACKNOWLEDGED
                        : random.nextInt(4) > 0 ? Outcome.UNKNOWN : Outcome.FAILED;
                boolean effect =
                        outcome == Outcome.ACKNOWLEDGED || (outcome == Outcome.UNKNOWN && random.nextBoolean());
                long expected = compareAndSet && value > 0 && random.nextBoolean() ? value : 0;
                ops.add(new Op(true, i + 1, version + 1, expected, outcome, invoked, completed));
                value = effect ? i + 1 : value;
                version += effect ? 1 : 0;
            } else {
                ops.add(new Op(false, value, version, 0, Outcome.ACKNOWLEDGED, invoked, completed));
            }
        }
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(ops.size());
            Op op = ops.get(at);
            if (op.write()) {
                long expected = op.expected() > 0 && random.nextBoolean() ? 1 + random.nextInt(count) : op.expected();
                int made = compareAndSet && random.nextInt(3) == 0 ? 1 + random.nextInt(count) : op.version();
                long later = random.nextInt(25);
                ops.set(
                        at,
                        new Op(
                                true,
                                op.value(),
                                made,
                                expected,
                                op.outcome(),
                                op.invoked() + later,
                                op.completed() + later));
            } else {
                int which = random.nextInt(ops.size());
                Op other = ops.get(which);
                ops.set(
                        at,
                        new Op(
                                false,
                                other.value(),
                                other.version(),
                                0,
                                Outcome.ACKNOWLEDGED,
                                op.invoked(),
                                op.completed()));
            }
        }
        return ops;
    }

    static RegisterHistory plain(List<Op> ops) {
        RegisterHistory.Builder builder = RegisterHistory.builder();
        for (Op op : ops) {
            if (op.write()) {
                builder.write(0, op.value(), op.invoked(), op.completed(), op.outcome());
            } else if (op.value() == 0) {
                builder.readOfNothing(0, op.invoked(), op.completed());
            } else {
                builder.read(0, op.value(), op.invoked(), op.completed());
            }
        }
        return builder.build();
    }

    static VersionHistory versioned(List<Op> ops) {
        VersionHistory.Builder builder = VersionHistory.builder();
        for (Op op : ops) {
            if (op.write()) {
                builder.update(
                        0,
                        OptionalInt.of(op.version()),
                        op.value(),
                        op.expected() > 0 ? OptionalLong.of(op.expected()) : OptionalLong.empty(),
                        op.invoked(),
                        op.completed(),
                        op.outcome());
            } else {
                builder.read(
                        0,
                        op.version(),
                        op.value() == 0 ? OptionalLong.empty() : OptionalLong.of(op.value()),
                        op.invoked(),
                        op.completed());
            }
        }
        return builder.build();
    }

    /** Whether any order of any subset that leaves out only what may not have been explains the history. */
    static boolean explained(List<Op> ops, boolean versioned) {
        List<Op> real =
                ops.stream().filter(op -> op.outcome() != Outcome.FAILED).toList();
        return anyOrder(real, new boolean[real.size()], new State(0, 0), versioned);
    }

    private static boolean anyOrder(List<Op> ops, boolean[] done, State state, boolean versioned) {
        boolean complete = true;
        for (int i = 0; i < done.length; i++) {
            complete &= done[i] || ops.get(i).mayNotHaveBeen();
        }
        if (complete) {
            return true;
        }
        for (int next = 0; next < done.length; next++) {
            if (!done[next] && mayBeNext(ops, done, next)) {
                Optional<State> after = step(state, ops.get(next), versioned);
                if (after.isPresent()) {
                    done[next] = true;
                    boolean found = anyOrder(ops, done, after.get(), versioned);
                    done[next] = false;
                    if (found) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean mayBeNext(List<Op> ops, boolean[] done, int next) {
        for (int other = 0; other < done.length; other++) {
            if (!done[other]
                    && !ops.get(other).mayNotHaveBeen()
                    && ops.get(other).completed() < ops.get(next).invoked()) {
                return false;
            }
        }
        return true;
    }

    private static Optional<State> step(State state, Op op, boolean versioned) {
        if (op.write()) {
            boolean fits = !versioned
                    || ((op.expected() == 0 || op.expected() == state.value())
                            && (op.mayNotHaveBeen() || op.version() == state.version() + 1));
            return fits ? Optional.of(new State(op.value(), state.version() + 1)) : Optional.empty();
        }
        boolean fits = op.value() == state.value() && (!versioned || op.version() == state.version());
        return fits ? Optional.of(state) : Optional.empty();
    }

    static boolean linearizableByTrial(List<Op> ops, boolean versioned) {
        List<Call<Op>> calls = ops.stream()
                .filter(op -> op.outcome() != Outcome.FAILED)
                .map(op -> new Call<>(
                        op, op.invoked(), op.mayNotHaveBeen() ? Long.MAX_VALUE : op.completed(), op.mayNotHaveBeen()))
                .toList();
        WingGongLowe.Model<State, Op> model = new WingGongLowe.Model<>() {
            @Override
            public State initial() {
                return new State(0, 0);
            }

            @Override
            public Optional<State> step(State state, Op operation) {
                return SmallRegister.step(state, operation, versioned);
            }
        };
        return WingGongLowe.linearizable(model, calls);
    }
}
