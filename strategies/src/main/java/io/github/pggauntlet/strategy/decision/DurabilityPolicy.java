package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Owns {@code synchronous_standby_names} and the durable {@link Succession}, and the order in which they change.
 *
 * <p>Invariant of {@link Durability#SYNC}, {@link Durability#STRICT} and {@link Durability#QUORUM}: at every moment, whichever
 * members that may be promoted are heard, if they are as many as the succession asks for, the most advanced of them has each
 * acknowledged commit. A commit is acknowledged by the primary and <i>k</i> of its <i>n</i> standbys, so that <i>n − k + 1</i>
 * of them must be heard.
 *
 * <p>A change of {@code synchronous_standby_names} takes effect unseen, some time later. So
 *
 * <ul>
 *   <li>a standby is added to the succession first, which then asks for more to be heard, and to the gate after that;
 *   <li>the primary is recorded as alone first, and goes on alone after that;
 *   <li>any other change takes three moves. The gate is closed; a probe shows that commits really wait (the setting takes
 *       effect only when the checkpointer has read it, which during a checkpoint may take long, and no view tells); the
 *       position at that moment is marked and the gate opened for those who stay; and once the disks of <i>k</i> of them have
 *       the mark, they have everything that was ever acknowledged, and are recorded.
 * </ul>
 *
 * <p>Invariant of {@link Durability#ASYNC}: no member of the promotable set lags behind for longer than the maximum lag
 * plus the time in which the primary either removes it from the set or loses its lease.
 */
public final class DurabilityPolicy {

    private DurabilityPolicy() {}

    /**
     * A standby, as the primary sees it.
     *
     * @param member its name
     * @param streaming whether it streams and has caught up with what was there when it began
     * @param synchronous whether the primary counts it as one that commits may wait for
     * @param flushed how far its disk has the WAL
     * @param lag for how long it has not had what the primary's disk had
     */
    public record Standby(String member, boolean streaming, boolean synchronous, Lsn flushed, Duration lag) {}

    /**
     * Standbys on their way to being all whom commits wait for.
     *
     * @param members their names
     * @param mark what their disks must have; empty until commits have been shown to wait
     */
    public record Joining(Set<String> members, Optional<Lsn> mark) {

        public Joining {
            members = Set.copyOf(members);
        }
    }

    /**
     * What a primary sees.
     *
     * @param durability the mode
     * @param acknowledgements how many standbys must have a commit before it is acknowledged, while there are standbys
     * @param self the primary's name
     * @param timeline the timeline it is on; 0 while it is being promoted
     * @param succession what is on record
     * @param gate the gate in force
     * @param joining the standbys on their way
     * @param standbys the standbys it knows
     * @param written how far its own disk has the WAL
     * @param nearby how near, in bytes, a standby must be before commits are made to wait for it
     * @param maximumLag for how long a promotable standby of an asynchronous cluster may lag behind
     * @param maximumLagBytes how many bytes a promotable standby of an asynchronous cluster may lag behind
     */
    public record View(
            Durability durability,
            int acknowledgements,
            String self,
            int timeline,
            Succession succession,
            Gate gate,
            Optional<Joining> joining,
            List<Standby> standbys,
            Lsn written,
            long nearby,
            Duration maximumLag,
            long maximumLagBytes) {

        public View {
            standbys = List.copyOf(standbys);
        }

        /** The members other than the primary that may be promoted. */
        Set<String> others() {
            return succession.members().stream()
                    .filter(member -> !member.equals(self))
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** Whether the primary itself has put it on record, since it was last promoted. */
        boolean own() {
            return succession.by().equals(self) && succession.timeline() == timeline;
        }

        Set<String> streaming() {
            return standbys.stream()
                    .filter(Standby::streaming)
                    .map(Standby::member)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /** What to do next. */
    public sealed interface Move {

        /** Nothing. */
        record Rest() implements Move {}

        /**
         * Record who may be promoted.
         *
         * @param promotable the members, the primary among them
         * @param toHear how many of them, without the primary, must be heard
         */
        record RecordSuccession(Set<String> promotable, int toHear) implements Move {

            public RecordSuccession {
                promotable = Set.copyOf(promotable);
            }
        }

        /** Put a gate in force, without anybody on the way. */
        record Apply(Gate gate) implements Move {}

        /** Close the gate for standbys to become all whom commits wait for. */
        record Join(Set<String> members) implements Move {

            public Join {
                members = Set.copyOf(members);
            }
        }

        /** Show that commits wait, mark the position, and put the gate for those on the way in force. */
        record Mark(Gate gate) implements Move {}
    }

    private static final Move REST = new Move.Rest();

    /** The next move. Moves are made one at a time; the view is taken anew after each. */
    public static Move next(View view) {
        return view.durability() == Durability.ASYNC ? asynchronous(view) : synchronous(view);
    }

    private static Move synchronous(View view) {
        if (!view.own()) {
            return alone(view);
        }
        if (view.joining().isPresent()) {
            return join(view, view.joining().get());
        }
        return view.others().isEmpty() ? single(view) : guarded(view);
    }

    private static Move alone(View view) {
        return new Move.RecordSuccession(Set.of(view.self()), 1);
    }

    private static Move recorded(View view, Set<String> standbys) {
        Set<String> all = new HashSet<>(standbys);
        all.add(view.self());
        return new Move.RecordSuccession(all, standbys.size() - view.acknowledgements() + 1);
    }

    /** With standbys on their way. */
    private static Move join(View view, Joining joining) {
        long able =
                joining.members().stream().filter(view.streaming()::contains).count();
        if (able < view.acknowledgements()) {
            return new Move.Apply(fallback(view));
        }
        if (joining.mark().isEmpty()) {
            return new Move.Mark(Gate.with(view.acknowledgements(), joining.members()));
        }
        Lsn mark = joining.mark().get();
        long caughtUp = view.standbys().stream()
                .filter(standby -> joining.members().contains(standby.member()))
                .filter(standby -> standby.synchronous() && standby.flushed().compareTo(mark) >= 0)
                .count();
        return caughtUp >= view.acknowledgements() ? recorded(view, joining.members()) : REST;
    }

    /** The gate that what the primary has on record allows, whatever else is under way. */
    public static Gate fallback(View view) {
        Set<String> others = view.others();
        if (others.size() >= view.acknowledgements()) {
            return Gate.with(view.acknowledgements(), others);
        }
        return view.durability().waitsForStandbys() ? Gate.CLOSED : Gate.OPEN;
    }

    /** Nobody else may be promoted, and nobody is on the way. */
    private static Move single(View view) {
        Gate wanted = fallback(view);
        if (!view.gate().equals(wanted)) {
            return new Move.Apply(wanted);
        }
        Set<String> near = near(view);
        return near.size() >= view.acknowledgements() ? new Move.Join(near) : REST;
    }

    private static Set<String> near(View view) {
        return view.standbys().stream()
                .filter(Standby::streaming)
                .filter(standby -> view.written().minus(standby.flushed()) <= view.nearby())
                .map(Standby::member)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Others may be promoted, and nobody is on the way. */
    private static Move guarded(View view) {
        Set<String> others = view.others();
        Set<String> left = others.stream().filter(view.streaming()::contains).collect(Collectors.toUnmodifiableSet());
        if (left.size() < view.acknowledgements()) {
            if (!view.durability().waitsForStandbys()) {
                return alone(view);
            }
        } else if (!left.equals(others)) {
            return new Move.Join(left);
        }
        if (!view.gate().equals(fallback(view))) {
            return new Move.Apply(fallback(view));
        }
        Set<String> more = new HashSet<>(near(view));
        more.addAll(others);
        return more.equals(others) ? REST : recorded(view, more);
    }

    private static Move asynchronous(View view) {
        if (view.gate().closed()) {
            boolean alone = view.own() && view.others().isEmpty();
            return alone ? new Move.Apply(Gate.OPEN) : alone(view);
        }
        Set<String> wanted = new HashSet<>();
        wanted.add(view.self());
        Duration near = view.maximumLag().dividedBy(2);
        for (Standby standby : view.standbys()) {
            boolean in = view.succession().members().contains(standby.member());
            long bytes = Math.max(0, view.written().minus(standby.flushed()));
            // Whoever is in may lag for the whole of the maximum; whoever wants in must be well below it.
            boolean may = in
                    ? standby.lag().compareTo(view.maximumLag()) <= 0 && bytes <= view.maximumLagBytes()
                    : standby.streaming() && standby.lag().compareTo(near) <= 0 && bytes <= view.maximumLagBytes() / 2;
            if (may) {
                wanted.add(standby.member());
            }
        }
        return wanted.equals(view.succession().members()) ? REST : new Move.RecordSuccession(wanted, 1);
    }
}
