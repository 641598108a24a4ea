package io.github.pggauntlet.strategy.decision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a member does next, from its own state, the arbiter's facts and the time: an ordered table, the first row that
 * matches decides.
 *
 * <p>Invariants: PostgreSQL takes writes only under a valid lease; only a promotion makes a primary, so that each term has a
 * timeline of its own, and what is started as a primary was that one in this very term; the lease is given away only when
 * nothing is left on the member that could acknowledge a write.
 */
public final class FailoverRules {

    private FailoverRules() {}

    /** What the member's PostgreSQL is doing. */
    public enum Postgres {
        /** There is no data directory. */
        ABSENT,
        /** It does not run; when it last did it was a primary. */
        DOWN_PRIMARY,
        /** It does not run; when it last did it was a standby. */
        DOWN_STANDBY,
        /** It has been started and takes no connections yet. */
        STARTING,
        /** It runs in recovery. */
        STANDBY,
        /** It runs and is not in recovery. */
        PRIMARY,
        /** It runs and gives no answer. */
        SILENT
    }

    /** What a member can do. */
    public enum Step {
        /** Nothing; look again later. */
        WAIT,
        /** Ask for the lease. */
        ACQUIRE,
        /** Create the cluster's first data directory and put its identity on record, or go on where that was broken off. */
        BOOTSTRAP,
        /** Start PostgreSQL as a standby. */
        START_STANDBY,
        /** Make PostgreSQL, a standby, stream from the holder of the lease. */
        FOLLOW,
        /** Make PostgreSQL, a standby, stream from nobody, so that its position stands still. */
        DETACH,
        /** Find the way back to following the holder of the lease. */
        REJOIN,
        /** Make PostgreSQL leave recovery. */
        PROMOTE,
        /** Start PostgreSQL, which was the primary of this term, in place and as the primary. */
        RESTART,
        /** As primary: see to durability, slots and readiness. */
        TEND,
        /** Stop PostgreSQL in good order, then give the lease away. */
        STEP_DOWN,
        /** Make sure that nothing is left that could acknowledge a write, then give the lease away. */
        RELEASE,
        /** Stop everything that could acknowledge a write, at once. */
        FENCE
    }

    /**
     * A decision.
     *
     * @param step what to do
     * @param why the row's comment
     */
    public record Decision(Step step, String why) {}

    /**
     * What a member sees.
     *
     * @param self its name
     * @param preference its place in the cluster's configuration
     * @param postgres what its PostgreSQL does
     * @param initialised whether the cluster's data exist
     * @param holder who holds the lease, by the arbiter
     * @param leaseHeld whether the member itself holds the lease and its own clock says that it lasts
     * @param promotable the durable promotable set
     * @param vacantFor for how long the member has seen nobody hold the lease; zero while somebody does
     * @param patience for how long to leave the lease to members that are better placed
     * @param candidate who is to be promoted, as {@link CandidateSelection} says; empty unless the lease is vacant
     * @param following whether PostgreSQL, a standby, is set to stream from the holder
     * @param strayFor for how long PostgreSQL, a standby, has not streamed from the holder
     * @param busy whether a long step of this member is under way
     * @param steppingDown whether the member has been told to give up its role
     * @param worthy whether the member is as far as the candidate is
     * @param receiving whether PostgreSQL, a standby, receives WAL or is set to
     * @param silentFor for how long PostgreSQL has run and given no answer
     * @param restartable whether PostgreSQL was open for writes in this term and may be restarted in place now
     * @param overdue whether a restart in place has taken longer than it may
     */
    public record View(
            String self,
            int preference,
            Postgres postgres,
            boolean initialised,
            Optional<String> holder,
            boolean leaseHeld,
            Set<String> promotable,
            Duration vacantFor,
            Duration patience,
            Optional<String> candidate,
            boolean following,
            Duration strayFor,
            boolean busy,
            boolean steppingDown,
            boolean worthy,
            boolean receiving,
            Duration silentFor,
            boolean restartable,
            boolean overdue) {

        /** The same, had the member just been given the lease. */
        public View asHolder() {
            return new View(
                    self,
                    preference,
                    postgres,
                    initialised,
                    Optional.of(self),
                    true,
                    promotable,
                    Duration.ZERO,
                    patience,
                    Optional.empty(),
                    following,
                    Duration.ZERO,
                    busy,
                    steppingDown,
                    worthy,
                    receiving,
                    silentFor,
                    restartable,
                    overdue);
        }

        boolean vacant() {
            return holder.isEmpty() && !leaseHeld;
        }

        boolean heldByOther() {
            return !leaseHeld && holder.isPresent() && !holder.get().equals(self);
        }

        boolean down() {
            return postgres == Postgres.DOWN_PRIMARY || postgres == Postgres.DOWN_STANDBY;
        }

        boolean mayBePromoted() {
            return promotable.contains(self);
        }

        boolean onlyMember() {
            return promotable.equals(Set.of(self));
        }

        boolean silent() {
            return postgres == Postgres.SILENT && silentFor.compareTo(patience) >= 0;
        }

        boolean patienceSpent() {
            return vacantFor.compareTo(patience) >= 0;
        }
    }

    /**
     * A row of the table.
     *
     * @param when the condition
     * @param step what to do when it holds
     * @param why the reason, as a sentence for people
     */
    public record Row(Predicate<View> when, Step step, String why) {}

    /** The table. */
    public static final List<Row> TABLE = List.of(
            // A primary without a lease comes before everything else.
            new Row(
                    v -> v.postgres() == Postgres.PRIMARY && !v.leaseHeld(),
                    Step.FENCE,
                    "PostgreSQL takes writes without a lease"),
            new Row(View::busy, Step.WAIT, "a long step is under way"),

            // The holder of the lease.
            new Row(
                    v -> v.leaseHeld()
                            && !v.initialised()
                            && (v.postgres() == Postgres.ABSENT || v.postgres() == Postgres.PRIMARY),
                    Step.BOOTSTRAP,
                    "the cluster has no data on record yet and it has won the lease"),
            new Row(
                    v -> v.leaseHeld() && v.steppingDown(),
                    Step.STEP_DOWN,
                    "it has been told to give up the primary's role"),
            new Row(
                    v -> v.leaseHeld() && v.postgres() == Postgres.PRIMARY,
                    Step.TEND,
                    "it is primary under a valid lease"),
            new Row(v -> v.leaseHeld() && v.postgres() == Postgres.STANDBY, Step.PROMOTE, "it has won the lease"),
            new Row(
                    v -> v.leaseHeld() && v.postgres() == Postgres.DOWN_PRIMARY && v.restartable(),
                    Step.RESTART,
                    "PostgreSQL has ended under the lease and may be restarted in place first"),
            new Row(
                    v -> v.leaseHeld() && v.postgres() == Postgres.STARTING && v.overdue(),
                    Step.RELEASE,
                    "the restart in place has taken too long; a standby shall take over"),
            new Row(
                    v -> v.leaseHeld() && (v.down() || v.postgres() == Postgres.ABSENT),
                    Step.RELEASE,
                    "PostgreSQL has ended under the lease; a standby shall take over"),
            new Row(
                    v -> v.leaseHeld() && v.silent(),
                    Step.RELEASE,
                    "PostgreSQL has answered nothing for too long; a standby shall take over"),
            new Row(View::leaseHeld, Step.WAIT, "it holds the lease and PostgreSQL is on its way"),

            // Somebody else holds the lease.
            new Row(
                    v -> v.heldByOther() && (v.down() || v.postgres() == Postgres.ABSENT) && v.initialised(),
                    Step.REJOIN,
                    "there is a primary to follow"),
            new Row(
                    v -> v.heldByOther() && v.postgres() == Postgres.STANDBY && !v.following(),
                    Step.FOLLOW,
                    "the primary is another one than before"),
            new Row(
                    v -> v.heldByOther()
                            && v.postgres() == Postgres.STANDBY
                            && v.strayFor().compareTo(v.patience()) >= 0,
                    Step.REJOIN,
                    "it has not streamed from the primary for too long"),
            new Row(
                    v -> v.heldByOther() && v.silent(),
                    Step.REJOIN,
                    "PostgreSQL has answered nothing for too long and there is a primary to follow"),
            new Row(View::heldByOther, Step.WAIT, "another member is primary"),

            // Nobody holds it.
            new Row(
                    v -> v.vacant() && v.steppingDown(),
                    Step.WAIT,
                    "it has given up the primary's role and leaves it to another"),
            new Row(
                    v -> v.vacant() && v.postgres() == Postgres.STANDBY && v.receiving(),
                    Step.DETACH,
                    "there is no primary; how far it has come must stand still before anybody is chosen"),
            new Row(
                    v -> v.vacant()
                            && !v.initialised()
                            && v.postgres() == Postgres.ABSENT
                            && (v.preference() == 0
                                    || v.vacantFor().compareTo(v.patience().multipliedBy(v.preference())) >= 0),
                    Step.ACQUIRE,
                    "the cluster has no data yet"),
            new Row(
                    v -> v.vacant()
                            && v.postgres() == Postgres.STANDBY
                            && v.mayBePromoted()
                            && v.candidate().filter(v.self()::equals).isPresent(),
                    Step.ACQUIRE,
                    "there is no primary and it is the best candidate"),
            new Row(
                    v -> v.vacant()
                            && v.postgres() == Postgres.STANDBY
                            && v.mayBePromoted()
                            && v.candidate().isPresent()
                            && v.worthy()
                            && v.patienceSpent(),
                    Step.ACQUIRE,
                    "there is no primary, the best candidate has not acted, and it has all that the candidate has"),
            new Row(
                    v -> v.vacant() && v.postgres() == Postgres.DOWN_STANDBY,
                    Step.START_STANDBY,
                    "there is no primary; as a standby it can be a candidate"),
            new Row(
                    v -> v.vacant()
                            && v.postgres() == Postgres.DOWN_PRIMARY
                            && v.mayBePromoted()
                            && (v.onlyMember() || v.patienceSpent()),
                    Step.START_STANDBY,
                    "there is no primary and no other member that may be promoted has come forward"),
            new Row(v -> true, Step.WAIT, "there is nothing that it may do"));

    /** The decision for a view: that of the first row whose condition holds. */
    public static Decision decide(View view) {
        return TABLE.stream()
                .filter(row -> row.when().test(view))
                .findFirst()
                .map(row -> new Decision(row.step(), row.why()))
                .orElseThrow();
    }
}
