package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Owns {@code synchronous_standby_names} and the durable promotable set, and the order in which they change.
 *
 * <p>Invariant of {@link Durability#SYNC}: at every moment, each member of the promotable set has every acknowledged
 * commit. So a standby enters the set only after commits wait for it and it has caught up with all that was acknowledged
 * before, and commits cease to wait for it only after it has left the set.
 *
 * <p>Invariant of {@link Durability#ASYNC}: no member of the promotable set lags behind for longer than the maximum lag
 * plus the time in which the primary either removes it from the set or loses its lease.
 *
 * <p>A standby enters the set of a synchronous cluster in three moves. The gate is closed; a probe shows that commits
 * really wait (the setting takes effect only when the checkpointer has read it, which during a checkpoint may take long,
 * and no view tells); the position at that moment is marked, the gate opened for the standby, and once the standby's disk
 * has the mark it has everything that was ever acknowledged.
 */
public final class DurabilityPolicy {

    private DurabilityPolicy() {}

    /**
     * A standby, as the primary sees it.
     *
     * @param member its name
     * @param streaming whether it streams and has caught up with what was there when it began
     * @param synchronous whether the primary counts it as the synchronous one
     * @param flushed how far its disk has the WAL
     * @param lag for how long it has not had what the primary's disk had
     */
    public record Standby(String member, boolean streaming, boolean synchronous, Lsn flushed, Duration lag) {}

    /**
     * A standby on its way into the promotable set.
     *
     * @param member its name
     * @param mark what its disk must have; empty until commits have been shown to wait
     */
    public record Joining(String member, Optional<Lsn> mark) {}

    /**
     * What a primary sees.
     *
     * @param durability the mode
     * @param self the primary's name
     * @param promotable the durable promotable set
     * @param gate the gate in force
     * @param joining the standby on its way into the set
     * @param standbys the standbys it knows
     * @param written how far its own disk has the WAL
     * @param nearby how near, in bytes, a standby must be before commits are made to wait for it
     * @param maximumLag for how long a promotable standby of an asynchronous cluster may lag behind
     */
    public record View(
            Durability durability,
            String self,
            Set<String> promotable,
            Gate gate,
            Optional<Joining> joining,
            List<Standby> standbys,
            Lsn written,
            long nearby,
            Duration maximumLag) {}

    /** What to do next. */
    public sealed interface Move {

        /** Nothing. */
        record Rest() implements Move {}

        /** Record the promotable set. */
        record RecordPromotable(Set<String> promotable) implements Move {}

        /** Put a gate in force, without a standby on its way. */
        record Apply(Gate gate) implements Move {}

        /** Close the gate for a standby to join. */
        record Join(String member) implements Move {}

        /** Show that commits wait, mark the position, and open the gate for the joining standby. */
        record Mark(String member) implements Move {}
    }

    private static final Move REST = new Move.Rest();

    /** The next move. Moves are made one at a time; the view is taken anew after each. */
    public static Move next(View view) {
        return switch (view.durability()) {
            case SYNC -> synchronous(view);
            case ASYNC -> asynchronous(view);
        };
    }

    private static Move synchronous(View view) {
        Set<String> alone = Set.of(view.self());
        Optional<String> partner = view.promotable().stream()
                .filter(name -> !name.equals(view.self()))
                .findFirst();
        boolean guarded = partner.isPresent()
                && view.promotable().equals(Set.of(view.self(), partner.get()))
                && view.gate().equals(Gate.with(partner.get()));
        if (guarded) {
            return streams(view, partner.get()) ? REST : new Move.RecordPromotable(alone);
        }
        if (!view.promotable().equals(alone)) {
            return new Move.RecordPromotable(alone);
        }
        return view.joining().map(joining -> join(view, joining)).orElseGet(() -> invite(view));
    }

    /** Alone, with a standby on its way. */
    private static Move join(View view, Joining joining) {
        if (!streams(view, joining.member())) {
            return new Move.Apply(Gate.OPEN);
        }
        if (joining.mark().isEmpty()) {
            return new Move.Mark(joining.member());
        }
        boolean caughtUp = view.standbys().stream()
                .anyMatch(standby -> standby.member().equals(joining.member())
                        && standby.synchronous()
                        && standby.flushed().compareTo(joining.mark().get()) >= 0);
        return caughtUp ? new Move.RecordPromotable(Set.of(view.self(), joining.member())) : REST;
    }

    /** Alone, with nobody on its way. */
    private static Move invite(View view) {
        if (!view.gate().equals(Gate.OPEN)) {
            return new Move.Apply(Gate.OPEN);
        }
        return view.standbys().stream()
                .filter(Standby::streaming)
                .filter(standby -> view.written().minus(standby.flushed()) <= view.nearby())
                .findFirst()
                .<Move>map(standby -> new Move.Join(standby.member()))
                .orElse(REST);
    }

    private static boolean streams(View view, String member) {
        return view.standbys().stream().anyMatch(standby -> standby.member().equals(member) && standby.streaming());
    }

    private static Move asynchronous(View view) {
        if (view.gate().closed()) {
            Set<String> alone = Set.of(view.self());
            return view.promotable().equals(alone) ? new Move.Apply(Gate.OPEN) : new Move.RecordPromotable(alone);
        }
        Set<String> wanted = new HashSet<>();
        wanted.add(view.self());
        Duration near = view.maximumLag().dividedBy(2);
        for (Standby standby : view.standbys()) {
            boolean in = view.promotable().contains(standby.member());
            // Whoever is in may lag for the whole of the maximum; whoever wants in must be well below it.
            boolean may = in
                    ? standby.lag().compareTo(view.maximumLag()) <= 0
                    : standby.streaming() && standby.lag().compareTo(near) <= 0;
            if (may) {
                wanted.add(standby.member());
            }
        }
        return wanted.equals(view.promotable()) ? REST : new Move.RecordPromotable(wanted);
    }
}
