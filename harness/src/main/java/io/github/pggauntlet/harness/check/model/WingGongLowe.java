package io.github.pggauntlet.harness.check.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Is there an order of the operations that a model accepts and real time allows? By trial, for small histories: Wing and Gong's
 * search with Lowe's memory of what was tried (<a href="https://doi.org/10.1002/cpe.3928">Testing for linearizability</a>, 2017).
 * Exponential in the number of operations that overlap:
 * a reference for small histories, and no checker for real ones.
 */
public final class WingGongLowe {

    private WingGongLowe() {}

    /**
     * An operation.
     *
     * @param operation what was done, and with which result
     * @param invoked when it began
     * @param completed the end of time if it is not known whether it took effect
     * @param optional whether it may as well not have taken effect
     */
    public record Call<O>(O operation, long invoked, long completed, boolean optional) {}

    /** What operations do. States are values: equal ones behave alike. */
    public interface Model<S, O> {
        /** The state before the first operation. */
        S initial();

        /** The state after the operation with the result it had; empty if the state does not allow that. */
        Optional<S> step(S state, O operation);
    }

    private record Tried<S>(BitSet done, S state) {}

    /** Whether such an order exists. */
    public static <S, O> boolean linearizable(Model<S, O> model, List<Call<O>> calls) {
        List<Call<O>> sorted = new ArrayList<>(calls);
        sorted.sort(Comparator.comparingLong(Call::invoked));
        return search(model, sorted, model.initial(), new BitSet(), new HashSet<>());
    }

    private static <S, O> boolean search(
            Model<S, O> model, List<Call<O>> calls, S state, BitSet done, Set<Tried<S>> tried) {
        long earliestEnd = Long.MAX_VALUE;
        boolean complete = true;
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            complete &= calls.get(i).optional();
            earliestEnd = Math.min(earliestEnd, calls.get(i).completed());
        }
        if (complete) {
            return true;
        }
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            Call<O> call = calls.get(i);
            if (call.invoked() > earliestEnd) {
                break;
            }
            Optional<S> next = model.step(state, call.operation());
            if (next.isPresent()) {
                BitSet after = (BitSet) done.clone();
                after.set(i);
                if (tried.add(new Tried<>(after, next.get())) && search(model, calls, next.get(), after, tried)) {
                    return true;
                }
            }
        }
        return false;
    }
}
