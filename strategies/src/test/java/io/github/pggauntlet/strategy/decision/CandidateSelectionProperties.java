package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.CandidateSelection.Choice;
import io.github.pggauntlet.strategy.decision.CandidateSelection.Contender;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

class CandidateSelectionProperties {

    private static final List<String> MEMBERS = List.of("a", "b", "c", "d", "e");

    @Property
    void nobodyOutsideThePromotableSetIsChosen(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        CandidateSelection.choose(promotable, answers)
                .member()
                .ifPresent(chosen -> assertThat(promotable).contains(chosen));
    }

    @Property
    void nobodyIsChosenWhileAMemberSaysThatItIsPrimary(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        Choice choice = CandidateSelection.choose(promotable, answers);
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
        Choice choice = CandidateSelection.choose(promotable, answers);
        if (answers.stream().noneMatch(Contender::primary)) {
            assertThat(choice.member().isPresent()).isEqualTo(!able.isEmpty());
        }
        choice.member().ifPresent(chosen -> assertThat(able).contains(chosen));
    }

    @Property
    void nobodyWhoMayBePromotedIsFartherThanTheChosenOne(
            @ForAll("sets") Set<String> promotable, @ForAll("answers") List<Contender> answers) {
        Choice choice = CandidateSelection.choose(promotable, answers);
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

        assertThat(CandidateSelection.choose(promotable, otherwise).member())
                .isEqualTo(CandidateSelection.choose(promotable, answers).member());
    }

    @Example
    void aLaterTimelineBeatsAFartherPosition() {
        assertThat(CandidateSelection.choose(
                        Set.of("a", "b"), List.of(standby("a", 0, 1, 900), standby("b", 1, 2, 100))))
                .isEqualTo(new Choice(
                        java.util.Optional.of("b"),
                        "b is at 0/64 on timeline 2, the farthest of those who may be promoted and answered"));
    }

    @Example
    void positionsAreComparedUnsigned() {
        assertThat(CandidateSelection.choose(Set.of("a", "b"), List.of(standby("a", 0, 1, 1), standby("b", 1, 1, -1)))
                        .member())
                .contains("b");
    }

    @Example
    void theReasonNamesWhoIsInTheWay() {
        assertThat(CandidateSelection.choose(Set.of("a"), List.of(new Contender("b", 1, true, false, 1, new Lsn(1))))
                        .reason())
                .contains("b says that it is still primary");
        assertThat(CandidateSelection.choose(Set.of("a"), List.of()).reason()).contains("[a]");
    }

    private static Contender standby(String member, int preference, int timeline, long lsn) {
        return new Contender(member, preference, false, true, timeline, new Lsn(lsn));
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
                        new Contender(member, preference, primary, standby, timeline, new Lsn(lsn)));
        return one.list().ofMaxSize(5).uniqueElements(Contender::member);
    }
}
