package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.CandidateSelection.Choice;
import io.github.pggauntlet.strategy.decision.CandidateSelection.Contender;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CandidateSelectionProperties {

    private static final List<String> MEMBERS = List.of("a", "b", "c", "d", "e");

    @Property
    void nobodyOutsideThePromotableSetIsChosen(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        choose(promotable, answers)
                .member()
                .ifPresent(chosen -> assertThat(promotable).contains(chosen));
    }

    @Property
    void nobodyIsChosenWhileAMemberSaysThatItIsPrimary(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        Choice choice = choose(promotable, answers);
        if (answers.stream().anyMatch(Contender::primary)) {
            assertThat(choice.member()).isEmpty();
        }
    }

    @Property
    void onlyStandbysThatAnsweredAreChosenAndOneIsIfThereIsOne(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        Set<String> able = answers.stream()
                .filter(one -> one.standby() && promotable.contains(one.member()))
                .map(Contender::member)
                .collect(Collectors.toSet());
        Choice choice = choose(promotable, answers);
        if (answers.stream().noneMatch(Contender::primary)) {
            assertThat(choice.member().isPresent()).isEqualTo(!able.isEmpty());
        }
        choice.member().ifPresent(chosen -> assertThat(able).contains(chosen));
    }

    @Property
    void nobodyWhoMayBePromotedIsFartherThanTheChosenOne(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        Choice choice = choose(promotable, answers);
        choice.member().ifPresent(name -> {
            Contender chosen = answers.stream()
                    .filter(one -> one.member().equals(name))
                    .findFirst()
                    .orElseThrow();
            for (Contender other : answers) {
                if (other.standby() && promotable.contains(other.member())) {
                    assertThat(other.timeline()).isLessThanOrEqualTo(chosen.timeline());
                    if (other.timeline() == chosen.timeline()) {
                        assertThat(other.lsn()).isLessThanOrEqualTo(chosen.lsn());
                        if (other.lsn().equals(chosen.lsn())) {
                            assertThat(other.preference()).isGreaterThanOrEqualTo(chosen.preference());
                        }
                    }
                }
            }
        });
    }

    /** Each asker has its own answer first and the others in whatever order they came. */
    @Property
    void allWhoSeeTheSameAnswersChooseTheSame(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers, @ForAll long seed) {
        List<Contender> otherwise = new ArrayList<>(answers);
        Collections.shuffle(otherwise, new Random(seed));

        assertThat(choose(promotable, otherwise).member())
                .isEqualTo(choose(promotable, answers).member());
    }

    /** Whom the operator wants decides among those who have the same, and never gains anything over those who have more. */
    @Property
    void whoIsFavouredIsChosenExactlyIfNobodyHasMore(
            @ForAll("sets") Set<String> promotable,
            @ForAll("answers") List<Contender> answers,
            @ForAll("names") String favoured) {
        Choice without = choose(promotable, answers);
        Choice choice = CandidateSelection.choose(
                new Succession(promotable, 1, "", LATE), Optional.empty(), Optional.of(favoured), answers);

        assertThat(choice.equals()).isEqualTo(without.equals());
        assertThat(choice.member())
                .isEqualTo(without.equals().contains(favoured) ? Optional.of(favoured) : without.member());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(MEMBERS);
    }

    @Example
    void aLaterTimelineBeatsAFartherPosition() {
        assertThat(choose(Set.of("a", "b"), List.of(standby("a", 0, 1, 900), standby("b", 1, 2, 100))))
                .isEqualTo(new Choice(
                        Optional.of("b"),
                        Set.of("b"),
                        "b is at 0/64 on timeline 2, the farthest of those who may be promoted and answered"));
    }

    @Example
    void positionsAreComparedUnsigned() {
        assertThat(choose(Set.of("a", "b"), List.of(standby("a", 0, 1, 1), standby("b", 1, 1, -1)))
                        .member())
                .contains("b");
    }

    @Example
    void theReasonNamesWhoIsInTheWay() {
        assertThat(choose(Set.of("a"), List.of(new Contender("b", 1, true, false, false, 1, new Lsn(1))))
                        .reason())
                .contains("b says that it is still primary");
        assertThat(choose(Set.of("a"), List.of()).reason()).contains("[a]");
    }

    private static final int LATE = 100;

    /** Among members of which each has everything: one answer is enough. */
    private static Choice choose(Set<String> promotable, List<Contender> answers) {
        return CandidateSelection.choose(
                new Succession(promotable, 1, "", LATE), Optional.empty(), Optional.empty(), answers);
    }

    /** Who is chosen when so many must be heard, the primary "p" recorded it, and "e" was elected last. */
    private static Choice ask(int toHear, int timeline, Contender... answers) {
        return CandidateSelection.choose(
                new Succession(Set.of("p", "a", "b", "c", "e"), toHear, "p", timeline),
                Optional.of("e"),
                Optional.empty(),
                List.of(answers));
    }

    @Example
    void nobodyIsChosenBeforeEnoughHaveAnswered() {
        assertThat(ask(2, 1, standby("a", 0, 1, 9)).member()).isEmpty();
        assertThat(ask(2, 1, standby("a", 0, 1, 9)).reason()).contains("it takes 2 of them, or p");
        assertThat(ask(2, 1, standby("a", 0, 1, 9), standby("b", 1, 1, 10)).member())
                .contains("b");
    }

    @Example
    void whoeverRecordedItHasEverythingAndIsEnough() {
        assertThat(ask(3, 1, standby("p", 0, 1, 9)).member()).contains("p");
        assertThat(ask(3, 1, standby("p", 0, 1, 9), standby("a", 0, 1, 8)).member())
                .contains("p");
    }

    @Example
    void nobodyIsChosenWhileAPositionMayStillChange() {
        Contender receiving = new Contender("b", 1, false, true, true, 1, new Lsn(8));
        assertThat(ask(1, 1, standby("a", 0, 1, 9), receiving).member()).isEmpty();
    }

    /** Somebody has promoted "b" by hand: it is farther by the numbers, on a timeline of its own. */
    @Example
    void aTimelineThatNoPrimaryRecordedDoesNotCount() {
        assertThat(ask(1, 3, standby("a", 0, 3, 9), standby("b", 1, 4, 20)).member())
                .contains("a");
        assertThat(ask(2, 3, standby("a", 0, 3, 9), standby("b", 1, 4, 20)).member())
                .isEmpty();
    }

    /** It was elected, promoted itself and was lost before it could record anything: nothing was acknowledged since. */
    @Example
    void theOneElectedLastMayBeAheadOfWhatIsOnRecord() {
        assertThat(ask(1, 3, standby("a", 0, 3, 9), standby("e", 1, 4, 9)).member())
                .contains("e");
    }

    /** A world in which commits are acknowledged by some of the standbys: whoever is heard, what is chosen has them. */
    @Property(tries = 5000)
    void theChosenOneHasEveryAcknowledgedCommit(
            @ForAll @IntRange(min = 1, max = 4) int standbys,
            @ForAll @IntRange(min = 1, max = 4) int wanted,
            @ForAll long seed) {
        int acknowledgements = Math.min(wanted, standbys);
        Random random = new Random(seed);
        List<Contender> all = new ArrayList<>();
        for (int i = 0; i < standbys; i++) {
            all.add(standby(MEMBERS.get(i), i, 1, random.nextInt(6)));
        }
        // The farthest commit that so many of them have.
        Lsn acknowledged = all.stream()
                .map(Contender::lsn)
                .sorted(Comparator.reverseOrder())
                .skip(acknowledgements - 1L)
                .findFirst()
                .orElseThrow();
        Set<String> promotable = all.stream().map(Contender::member).collect(Collectors.toSet());
        promotable.add("p");
        List<Contender> heard = all.stream().filter(one -> random.nextBoolean()).toList();
        Choice choice = CandidateSelection.choose(
                new Succession(promotable, standbys - acknowledgements + 1, "p", 1),
                Optional.empty(),
                Optional.empty(),
                heard);

        choice.equals()
                .forEach(member -> assertThat(heard)
                        .anyMatch(
                                one -> one.member().equals(member) && one.lsn().compareTo(acknowledged) >= 0));
    }

    private static Contender standby(String member, int preference, int timeline, long lsn) {
        return new Contender(member, preference, false, true, false, timeline, new Lsn(lsn));
    }

    @Provide
    Arbitrary<Set<String>> sets() {
        return Arbitraries.of(MEMBERS).set();
    }

    /** One answer of each of some members. That two have the same preference is a mistake, but must not split them. */
    @Provide
    Arbitrary<List<Contender>> answers() {
        Arbitrary<Contender> one = Combinators.combine(
                        Arbitraries.of(MEMBERS),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.frequency(net.jqwik.api.Tuple.of(9, false), net.jqwik.api.Tuple.of(1, true)),
                        Arbitraries.of(true, true, true, false),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.longs().between(0, 3))
                .as((member, preference, primary, standby, timeline, lsn) ->
                        new Contender(member, preference, primary, standby, false, timeline, new Lsn(lsn)));
        return one.list().ofMaxSize(5).uniqueElements(Contender::member);
    }
}
