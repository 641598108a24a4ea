package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Move;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Standby;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.View;
import io.github.pggauntlet.strategy.decision.DurabilityWorld.Flaws;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class DurabilityPolicyProperties {

    private static final int EVENTS = 200;

    /** The worlds that a flaw is looked for in; each of the flaws below is found in a small part of them. */
    private static final int WORLDS = 3000;

    @Property(tries = 6000)
    void whoeverIsHeardTheMostAdvancedHasEveryAcknowledgedCommit(
            @ForAll long seed,
            @ForAll("guarded") Durability durability,
            @ForAll @IntRange(min = 2, max = 5) int members) {
        DurabilityWorld world = new DurabilityWorld(
                seed, Math.max(members, durability.leastMembers()) - 1, durability, DurabilityPolicy::next, Flaws.NONE);

        assertThat(world.run(EVENTS)).isEmpty();
    }

    @Provide
    Arbitrary<Durability> guarded() {
        return Arbitraries.of(Durability.SYNC, Durability.STRICT, Durability.QUORUM);
    }

    @Property(tries = 1000)
    void standbysThatStreamSteadilyMakeTheClusterRedundantSoon(
            @ForAll long seed,
            @ForAll("guarded") Durability durability,
            @ForAll @IntRange(min = 2, max = 5) int number,
            @ForAll @IntRange(max = EVENTS) int events) {
        int members = Math.max(number, durability.leastMembers());
        DurabilityWorld world = new DurabilityWorld(seed, members - 1, durability, DurabilityPolicy::next, Flaws.NONE);
        world.run(events);
        Set<String> standbys = new HashSet<>(world.members());
        standbys.remove(world.primary());

        assertThat(world.movesUntilSettled(standbys, 30)).isLessThan(12);
        assertThat(world.promotable()).containsExactlyInAnyOrderElementsOf(world.members());
        assertThat(world.gate()).isEqualTo(Gate.with(durability.acknowledgements(members), standbys));
    }

    @Property(tries = 1000)
    void withoutAnyStandbyThePrimaryGoesOnAloneOrLetsCommitsWait(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 4) int standbys,
            @ForAll @IntRange(max = EVENTS) int events,
            @ForAll Durability durability) {
        DurabilityWorld world = new DurabilityWorld(seed, standbys, durability, DurabilityPolicy::next, Flaws.NONE);
        world.run(events);

        assertThat(world.movesUntilSettled(Set.of(), 20)).isLessThan(6);
        if (durability.waitsForStandbys()) {
            assertThat(world.gate()).isNotEqualTo(Gate.OPEN);
        } else {
            assertThat(world.gate()).isEqualTo(Gate.OPEN);
        }
        if (durability == Durability.SYNC) {
            assertThat(world.promotable()).containsExactly(world.primary());
        }
    }

    // A model that never finds anything proves nothing: policies that are wrong on purpose.

    @Example
    void findsAStandbyRecordedBeforeItHasReachedTheMark() {
        assertFound(
                view -> DurabilityPolicy.next(view) instanceof Move.Rest
                                && view.joining()
                                        .filter(joining -> joining.mark().isPresent())
                                        .isPresent()
                        ? recorded(view, view.joining().get().members())
                        : DurabilityPolicy.next(view),
                Flaws.NONE);
    }

    @Example
    void findsAGateThatIsOpenedBeforeThePrimaryIsRecordedAsAlone() {
        assertFound(
                view -> view.durability() == Durability.SYNC
                                && DurabilityPolicy.next(view) instanceof Move.RecordSuccession toRecord
                                && toRecord.promotable().equals(Set.of(view.self()))
                                && !view.gate().equals(Gate.OPEN)
                        ? new Move.Apply(Gate.OPEN)
                        : DurabilityPolicy.next(view),
                Flaws.NONE);
    }

    @Example
    void findsAStandbyRecordedBeforeCommitsWaitForIt() {
        assertFound(
                view -> DurabilityPolicy.next(view) instanceof Move.Join toJoin
                        ? recorded(view, toJoin.members())
                        : DurabilityPolicy.next(view),
                Flaws.NONE);
    }

    @Example
    void findsAMarkTakenBeforeCommitsAreKnownToWait() {
        assertFound(DurabilityPolicy::next, new Flaws(true, false, false));
    }

    @Example
    void findsThatTheMarkMustBeOnTheStandbysDisk() {
        assertFound(
                view -> DurabilityPolicy.next(new View(
                        view.durability(),
                        view.acknowledgements(),
                        view.self(),
                        view.timeline(),
                        view.succession(),
                        view.gate(),
                        view.joining(),
                        view.standbys().stream()
                                .map(one -> new Standby(
                                        one.member(), one.streaming(), one.synchronous(), view.written(), one.lag()))
                                .toList(),
                        view.written(),
                        view.nearby(),
                        view.maximumLag(),
                        view.maximumLagBytes())),
                Flaws.NONE);
    }

    /**
     * The policy rests on an arbiter that, once it has answered a later question, does not do what was asked before and
     * never answered. Without that a standby may be recorded after the primary has gone on alone.
     */
    @Example
    void findsAnArbiterThatRecordsWhatWasAskedBeforeTheLatestAnswer() {
        assertFound(DurabilityPolicy::next, new Flaws(false, true, false));
    }

    @Example
    void findsThatNotEnoughMembersAreHeard() {
        assertFound(DurabilityPolicy::next, new Flaws(false, false, true));
    }

    @Example
    void findsThatTooFewAreAskedToBeHeard() {
        assertFound(
                view -> DurabilityPolicy.next(view) instanceof Move.RecordSuccession toRecord && toRecord.toHear() > 1
                        ? new Move.RecordSuccession(toRecord.promotable(), toRecord.toHear() - 1)
                        : DurabilityPolicy.next(view),
                Flaws.NONE);
    }

    @Example
    void findsAStandbyThatCommitsWaitForBeforeItIsOnRecord() {
        assertFound(
                view -> DurabilityPolicy.next(view) instanceof Move.RecordSuccession toRecord
                                && view.joining().isEmpty()
                                && toRecord.promotable().size() > 2
                                && !view.gate().closed()
                        ? new Move.Apply(Gate.with(
                                view.acknowledgements(),
                                toRecord.promotable().stream()
                                        .filter(member -> !member.equals(view.self()))
                                        .collect(Collectors.toSet())))
                        : DurabilityPolicy.next(view),
                Flaws.NONE);
    }

    @Example
    void findsAStandbyTakenOffTheRecordBeforeTheOthersHaveWhatOnlyItHad() {
        assertFound(
                view -> DurabilityPolicy.next(view) instanceof Move.Join toJoin
                                && !view.others().isEmpty()
                        ? recorded(view, toJoin.members())
                        : DurabilityPolicy.next(view),
                Flaws.NONE);
    }

    private static Move recorded(View view, Set<String> standbys) {
        Set<String> all = new HashSet<>(standbys);
        all.add(view.self());
        return new Move.RecordSuccession(all, Math.max(1, standbys.size() - view.acknowledgements() + 1));
    }

    private static void assertFound(Function<View, Move> wrong, Flaws flaws) {
        Optional<String> found = Optional.empty();
        for (long seed = 0; seed < WORLDS && found.isEmpty(); seed++) {
            Durability durability = seed % 2 == 0 ? Durability.SYNC : Durability.QUORUM;
            int standbys = durability == Durability.SYNC && seed % 4 == 0 ? 1 : 3;
            found = new DurabilityWorld(seed, standbys, durability, wrong, flaws).run(EVENTS);
        }
        assertThat(found).isPresent();
    }

    // Asynchronous.

    private static final Duration MAXIMUM = Duration.ofSeconds(2);
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration TICK = Duration.ofMillis(100);

    @Property(tries = 1000)
    void asynchronousNobodyWhoMayBePromotedLagsFartherThanIsPromised(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int standbys) {
        assertThat(new LagWorld(seed, standbys, DurabilityPolicy::next).worstLag())
                .isLessThanOrEqualTo(MAXIMUM.plus(LEASE).plus(TICK));
    }

    @Example
    void findsAPolicyThatKeepsWhoeverLags() {
        Function<View, Move> wrong = view -> {
            Move move = DurabilityPolicy.next(view);
            return move instanceof Move.RecordSuccession toRecord
                            && !toRecord.promotable()
                                    .containsAll(view.succession().members())
                            && !view.gate().closed()
                    ? new Move.Rest()
                    : move;
        };
        assertThat(new Random(1).longs(200).mapToObj(seed -> new LagWorld(seed, 2, wrong).worstLag()))
                .anyMatch(lag -> lag.compareTo(MAXIMUM.plus(LEASE).plus(TICK)) > 0);
    }

    /** Standbys stop and catch up, the arbiter is cut off at times; a primary that cannot reach it stops at its lease's end. */
    private static final class LagWorld {

        private final Random random;
        private final Function<View, Move> policy;
        private final long[] lackingSince;
        private final boolean[] stopped;
        private Succession succession = new Succession(Set.of("z"), 1, "y", 1);
        private Gate gate = Gate.CLOSED;
        private Duration worst = Duration.ZERO;

        LagWorld(long seed, int standbys, Function<View, Move> policy) {
            this.random = new Random(seed);
            this.policy = policy;
            this.lackingSince = new long[standbys];
            this.stopped = new boolean[standbys];
        }

        Duration worstLag() {
            boolean reachable = true;
            long renewed = 0;
            for (long now = 0; now < Duration.ofSeconds(60).toNanos(); now += TICK.toNanos()) {
                reachable = random.nextInt(reachable ? 60 : 20) != 0 == reachable;
                if (reachable) {
                    renewed = now;
                } else if (now - renewed >= LEASE.toNanos()) {
                    // The fence is up; the next term begins closed, with what the last one left on record.
                    return worst;
                }
                for (int i = 0; i < stopped.length; i++) {
                    stopped[i] = random.nextInt(stopped[i] ? 50 : 30) == 0 != stopped[i];
                    if (!stopped[i]) {
                        lackingSince[i] = now;
                    }
                }
                judge(now);
                if (reachable) {
                    look(now);
                }
            }
            return worst;
        }

        private void judge(long now) {
            for (int i = 0; i < stopped.length; i++) {
                Duration lag = Duration.ofNanos(now - lackingSince[i]);
                if (succession.members().contains("s" + i) && lag.compareTo(worst) > 0) {
                    worst = lag;
                }
            }
        }

        private void look(long now) {
            List<Standby> standbys = new java.util.ArrayList<>();
            for (int i = 0; i < stopped.length; i++) {
                standbys.add(
                        new Standby("s" + i, !stopped[i], false, new Lsn(1), Duration.ofNanos(now - lackingSince[i])));
            }
            View view = new View(
                    Durability.ASYNC,
                    0,
                    "z",
                    1,
                    succession,
                    gate,
                    Optional.empty(),
                    standbys,
                    new Lsn(1),
                    1,
                    MAXIMUM,
                    Long.MAX_VALUE);
            Move move = policy.apply(view);
            if (move instanceof Move.RecordSuccession toRecord) {
                succession = new Succession(toRecord.promotable(), toRecord.toHear(), "z", 1);
            } else if (move instanceof Move.Apply toApply) {
                gate = toApply.gate();
            }
        }
    }

    /** Whoever is at the edge does not come and go: in below one half of the maximum, out above the whole. */
    @Property
    void asynchronousASetThatWasJustRecordedIsLeftAlone(
            @ForAll @IntRange(max = 3000) int lag, @ForAll boolean streaming, @ForAll boolean in) {
        Set<String> promotable = in ? Set.of("z", "s") : Set.of("z");
        View before = lagging(promotable, lag, streaming);
        Move move = DurabilityPolicy.next(before);
        if (move instanceof Move.RecordSuccession toRecord) {
            assertThat(DurabilityPolicy.next(lagging(toRecord.promotable(), lag, streaming)))
                    .isEqualTo(new Move.Rest());
        }
        boolean may = in ? lag <= 2000 : streaming && lag <= 1000;
        assertThat(move)
                .isEqualTo(
                        may == in
                                ? new Move.Rest()
                                : new Move.RecordSuccession(may ? Set.of("z", "s") : Set.of("z"), 1));
    }

    private static View lagging(Set<String> promotable, int lag, boolean streaming) {
        return new View(
                Durability.ASYNC,
                0,
                "z",
                1,
                new Succession(promotable, 1, "z", 1),
                Gate.OPEN,
                Optional.empty(),
                List.of(new Standby("s", streaming, false, new Lsn(1), Duration.ofMillis(lag))),
                new Lsn(1),
                1,
                MAXIMUM,
                Long.MAX_VALUE);
    }

    /** A burst of writes is behind for a moment only, and is much all the same. */
    @Example
    void asynchronousWhoeverIsTooManyBytesBehindIsTakenOut() {
        View burst = new View(
                Durability.ASYNC,
                0,
                "z",
                1,
                new Succession(Set.of("z", "s"), 1, "z", 1),
                Gate.OPEN,
                Optional.empty(),
                List.of(new Standby("s", true, false, new Lsn(1000), Duration.ZERO)),
                new Lsn(2001),
                1,
                MAXIMUM,
                1000);

        assertThat(DurabilityPolicy.next(burst)).isEqualTo(new Move.RecordSuccession(Set.of("z"), 1));
    }

    @Example
    void gatesAreWrittenAsPostgresReadsThem() {
        assertThat(Gate.OPEN.synchronousStandbyNames()).isEmpty();
        assertThat(Gate.CLOSED.synchronousStandbyNames()).isEqualTo("FIRST 1 (gauntlet_closed)");
        assertThat(Gate.with("machine-1").synchronousStandbyNames()).isEqualTo("ANY 1 (\"machine-1\")");
        assertThat(Gate.with(2, Set.of("c", "a", "b")).synchronousStandbyNames())
                .isEqualTo("ANY 2 (\"a\", \"b\", \"c\")");
    }
}
