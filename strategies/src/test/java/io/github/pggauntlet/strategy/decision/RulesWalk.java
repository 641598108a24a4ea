package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.decision.FailoverRules.Decision;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.FailoverRules.Step;
import io.github.pggauntlet.strategy.decision.FailoverRules.View;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A walk through everything that one member can come to: from a machine without data, by the steps of {@link FailoverRules}
 * and by what happens around it. What a step does to PostgreSQL and the lease is told here in a few words; everything that
 * the rules look at and that is not part of a {@link State} is tried both ways.
 */
final class RulesWalk {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String SELF = "self";
    private static final String OTHER = "other";
    private static final boolean[] BOTH_WAYS = {false, true};

    /** Who holds the lease. */
    enum Lease {
        SELF,
        OTHER,
        NOBODY
    }

    /** Who may be promoted. */
    enum Promotable {
        NONE(Set.of()),
        SELF_ONLY(Set.of(SELF)),
        OTHER_ONLY(Set.of(OTHER)),
        BOTH(Set.of(SELF, OTHER));

        private final Set<String> members;

        Promotable(Set<String> members) {
            this.members = members;
        }
    }

    /**
     * Where a member is.
     *
     * @param asPrimary whether PostgreSQL, while it starts or is silent, is a primary
     * @param restarted whether it has been restarted in place lately
     * @param gaveUp whether it has been told to give up the role and nobody has taken it yet
     */
    record State(
            Postgres postgres,
            boolean asPrimary,
            Lease lease,
            boolean initialised,
            Promotable promotable,
            boolean following,
            boolean restarted,
            boolean gaveUp) {

        static final State FIRST =
                new State(Postgres.ABSENT, false, Lease.NOBODY, false, Promotable.NONE, false, false, false);

        State with(Postgres other, boolean primary) {
            return new State(other, primary, lease, initialised, promotable, following, restarted, gaveUp);
        }

        State with(Lease other) {
            return new State(postgres, asPrimary, other, initialised, promotable, following, restarted, gaveUp);
        }

        State with(Promotable other) {
            return new State(postgres, asPrimary, lease, initialised, other, following, restarted, gaveUp);
        }

        State following(boolean is) {
            return new State(postgres, asPrimary, lease, initialised, promotable, is, restarted, gaveUp);
        }

        State restarted(boolean is) {
            return new State(postgres, asPrimary, lease, initialised, promotable, following, is, gaveUp);
        }

        State gaveUp(boolean is) {
            return new State(postgres, asPrimary, lease, initialised, promotable, following, restarted, is);
        }

        State withData() {
            return new State(postgres, asPrimary, lease, true, promotable, following, restarted, gaveUp);
        }

        /** It had the only copy of the data, and has lost it: this is beyond what rules can mend. */
        boolean isLost() {
            return postgres == Postgres.ABSENT && promotable == Promotable.SELF_ONLY;
        }

        /** As primary under the lease, or as a standby of the primary. */
        boolean isGood() {
            return initialised
                    && ((postgres == Postgres.PRIMARY && lease == Lease.SELF)
                            || (postgres == Postgres.STANDBY && lease == Lease.OTHER && following));
        }
    }

    /**
     * What leads from one state to another.
     *
     * @param step the step of the rules; empty for what happens without the member's doing
     * @param why the row's reason, or what has happened
     * @param failure whether it is something that goes wrong
     */
    record Edge(State from, Optional<Step> step, String why, boolean failure, State to) {}

    private final Set<State> states = new LinkedHashSet<>();
    private final List<Edge> edges = new ArrayList<>();

    private final Function<View, Decision> rules;

    /** Walks by these rules. */
    RulesWalk(Function<View, Decision> rules) {
        this.rules = rules;
        Deque<State> open = new ArrayDeque<>(List.of(State.FIRST));
        states.add(State.FIRST);
        while (!open.isEmpty()) {
            State state = open.removeFirst();
            Set<Edge> next = new LinkedHashSet<>(steps(state));
            next.addAll(events(state));
            for (Edge edge : next) {
                edges.add(edge);
                if (states.add(edge.to())) {
                    open.addLast(edge.to());
                }
            }
        }
    }

    Set<State> states() {
        return states;
    }

    List<Edge> edges() {
        return edges;
    }

    /** The states from which something good is not reached any more, although nothing goes wrong from there on. */
    Set<State> traps() {
        Map<State, Set<State>> back = new HashMap<>();
        for (Edge edge : edges) {
            if (!edge.failure()) {
                back.computeIfAbsent(edge.to(), to -> new HashSet<>()).add(edge.from());
            }
        }
        Set<State> safe = new HashSet<>();
        Deque<State> open =
                new ArrayDeque<>(states.stream().filter(State::isGood).toList());
        while (!open.isEmpty()) {
            State state = open.removeFirst();
            if (safe.add(state)) {
                open.addAll(back.getOrDefault(state, Set.of()));
            }
        }
        Set<State> traps = new LinkedHashSet<>(states);
        traps.removeAll(safe);
        return traps;
    }

    private Set<Edge> steps(State state) {
        Set<Edge> edges = new LinkedHashSet<>();
        for (View view : views(state)) {
            Decision decision = rules.apply(view);
            for (State to : after(state, decision.step())) {
                edges.add(new Edge(state, Optional.of(decision.step()), decision.why(), false, to));
            }
        }
        return edges;
    }

    private static List<View> views(State state) {
        List<View> views = new ArrayList<>();
        boolean vacant = state.lease() == Lease.NOBODY;
        boolean receiving = state.postgres() == Postgres.STANDBY && state.following();
        List<Optional<String>> candidates = vacant && state.postgres() == Postgres.STANDBY && !receiving
                ? List.of(Optional.empty(), Optional.of(SELF), Optional.of(OTHER))
                : List.of(Optional.empty());
        for (Optional<String> candidate : candidates) {
            for (boolean late : BOTH_WAYS) {
                for (boolean worthy : BOTH_WAYS) {
                    for (boolean told : BOTH_WAYS) {
                        Duration since = late ? PATIENCE : Duration.ZERO;
                        views.add(new View(
                                SELF,
                                0,
                                state.postgres(),
                                state.initialised(),
                                switch (state.lease()) {
                                    case SELF -> Optional.of(SELF);
                                    case OTHER -> Optional.of(OTHER);
                                    case NOBODY -> Optional.empty();
                                },
                                state.lease() == Lease.SELF,
                                state.promotable().members,
                                vacant ? since : Duration.ZERO,
                                PATIENCE,
                                candidate,
                                state.following(),
                                since,
                                false,
                                state.gaveUp() || (told && state.postgres() == Postgres.PRIMARY),
                                worthy,
                                receiving,
                                since,
                                !state.restarted(),
                                late && state.restarted()));
                    }
                }
            }
        }
        return views;
    }

    private static List<State> after(State state, Step step) {
        return switch (step) {
            case WAIT -> List.of(state);
            case ACQUIRE -> List.of(state.with(Lease.SELF), taken(state));
            case BOOTSTRAP ->
                List.of(state.with(Postgres.PRIMARY, true).withData().with(Promotable.SELF_ONLY));
            case START_STANDBY -> List.of(state.with(Postgres.STARTING, false).following(false));
            case RESTART -> List.of(state.with(Postgres.STARTING, true).restarted(true));
            case FOLLOW -> List.of(state.following(true));
            case DETACH -> List.of(state.following(false));
            case REJOIN -> List.of(state.with(Postgres.STARTING, false).following(true));
            case PROMOTE ->
                List.of(state.with(Postgres.PRIMARY, true).following(false).with(Promotable.SELF_ONLY));
            case TEND -> List.of(state, state.with(Promotable.BOTH), state.with(Promotable.SELF_ONLY));
            case STEP_DOWN ->
                List.of(state.with(Postgres.DOWN_PRIMARY, false)
                        .with(Lease.NOBODY)
                        .gaveUp(true));
            case RELEASE -> List.of(down(state).with(Lease.NOBODY));
            case FENCE -> List.of(down(state));
        };
    }

    /** Another member has become primary: alone at first. */
    private static State taken(State state) {
        return state.with(Lease.OTHER).withData().with(Promotable.OTHER_ONLY).gaveUp(false);
    }

    private static State down(State state) {
        return switch (state.postgres()) {
            case ABSENT, DOWN_PRIMARY, DOWN_STANDBY -> state;
            case PRIMARY -> state.with(Postgres.DOWN_PRIMARY, false);
            case STANDBY -> state.with(Postgres.DOWN_STANDBY, false);
            case STARTING, SILENT ->
                state.with(state.asPrimary() ? Postgres.DOWN_PRIMARY : Postgres.DOWN_STANDBY, false);
        };
    }

    /** What happens around the member. */
    private static Set<Edge> events(State state) {
        Set<Edge> edges = new LinkedHashSet<>();
        boolean running = !EnumSets.DOWN.contains(state.postgres());
        if (state.postgres() == Postgres.STARTING) {
            well(
                    edges,
                    state,
                    "PostgreSQL has started",
                    state.with(state.asPrimary() ? Postgres.PRIMARY : Postgres.STANDBY, false));
        }
        if (running) {
            fails(edges, state, "PostgreSQL ends", down(state));
        } else {
            fails(
                    edges,
                    state,
                    "the data is lost",
                    state.with(Postgres.ABSENT, false).following(false));
        }
        if (state.postgres() == Postgres.PRIMARY || state.postgres() == Postgres.STANDBY) {
            fails(
                    edges,
                    state,
                    "PostgreSQL falls silent",
                    state.with(Postgres.SILENT, state.postgres() == Postgres.PRIMARY));
        }
        if (state.postgres() == Postgres.SILENT) {
            well(
                    edges,
                    state,
                    "PostgreSQL answers again",
                    state.with(state.asPrimary() ? Postgres.PRIMARY : Postgres.STANDBY, false));
        }
        if (state.restarted()) {
            well(edges, state, "the restart is long ago", state.restarted(false));
        }
        if (state.gaveUp()) {
            well(edges, state, "nobody has taken the role for two leases", state.gaveUp(false));
        }
        switch (state.lease()) {
            case SELF -> fails(edges, state, "the lease is lost", state.with(Lease.NOBODY));
            case OTHER -> {
                fails(edges, state, "the primary is lost", state.with(Lease.NOBODY));
                if (state.promotable() != Promotable.OTHER_ONLY && state.initialised()) {
                    fails(edges, state, "the primary goes on alone", state.with(Promotable.OTHER_ONLY));
                }
                if (state.isGood()) {
                    well(edges, state, "the primary counts on it", state.with(Promotable.BOTH));
                }
            }
            case NOBODY -> {
                boolean other = state.promotable() == Promotable.BOTH || state.promotable() == Promotable.OTHER_ONLY;
                if (other || !state.initialised()) {
                    well(edges, state, "another member becomes primary", taken(state));
                }
            }
        }
        return edges;
    }

    private static void well(Set<Edge> edges, State from, String what, State to) {
        edges.add(new Edge(from, Optional.empty(), what, false, to));
    }

    private static void fails(Set<Edge> edges, State from, String what, State to) {
        edges.add(new Edge(from, Optional.empty(), what, true, to));
    }

    private static final class EnumSets {
        private static final Set<Postgres> DOWN = Set.of(Postgres.ABSENT, Postgres.DOWN_PRIMARY, Postgres.DOWN_STANDBY);
    }
}
