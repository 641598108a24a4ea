package io.github.pggauntlet.strategy.ucarp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether a machine that ucarp has made the address's master may have its PostgreSQL promoted: an ordered table, the first
 * row that matches decides.
 *
 * <p>It rests on this: whoever is primary goes on without its standby only when the standby has taken note, or is dead. So
 * a standby that was told that it may be promoted, has not heard otherwise, and has lived on since, has every acknowledged
 * commit, and needs nobody's word. Everybody else has been away, and the other machine may have been primary meanwhile: it
 * must be heard, unless nobody else could have been promoted.
 *
 * <p>Under a cut link the assumption does not hold: a standby that does not answer is not dead then, nor is a primary. So
 * where silence alone is the reason, a decision says that it holds only if the other machine is dead, which
 * {@link PeerDeath} has to prove.
 */
final class PromotionRight {

    private PromotionRight() {}

    /**
     * What a machine knows.
     *
     * @param self its name
     * @param own its ledger
     * @param vouched whether a primary has told it, in this life of its agent, that it may be promoted, and nobody has said
     *     otherwise since
     * @param peer what the other machine has answered just now, if it has
     */
    record View(String self, Ledger own, boolean vouched, Optional<Peer> peer) {

        /** Who may be promoted, by whoever knows best. */
        Set<String> promotable() {
            return peer.filter(
                            other -> other.ledger().primary() && other.ledger().term() >= own.term())
                    .map(other -> other.ledger().promotable())
                    .orElse(own.promotable());
        }
    }

    /**
     * What the other machine says.
     *
     * @param ledger its ledger
     * @param holding whether it is primary now
     */
    record Peer(Ledger ledger, boolean holding) {}

    /**
     * A decision.
     *
     * @param may whether it may be promoted
     * @param onDeath whether it may only if the other machine, which is silent, is dead. Otherwise the other one cannot have
     *     been primary since, and cannot become it without a word from this machine, dead or alive
     * @param why the reason, as a sentence for people
     */
    record Decision(boolean may, boolean onDeath, String why) {}

    private record Row(Predicate<View> when, boolean may, boolean onDeath, String why) {

        Row(Predicate<View> when, boolean may, String why) {
            this(when, may, false, why);
        }
    }

    private static final List<Row> TABLE = List.of(
            new Row(
                    v -> v.peer().filter(Peer::holding).isPresent(),
                    false,
                    "the other machine says that it is primary"),
            new Row(
                    v -> v.own().system().isEmpty()
                            && v.peer()
                                    .filter(peer -> peer.ledger().system().isEmpty())
                                    .isPresent(),
                    true,
                    "neither machine has data yet"),
            new Row(v -> v.own().system().isEmpty(), false, "it has no data, and the other machine may have"),
            new Row(
                    v -> v.peer()
                            .filter(peer -> peer.ledger().term() > v.own().term())
                            .isPresent(),
                    false,
                    "the other machine has been primary since"),
            new Row(v -> !v.promotable().contains(v.self()), false, "a primary has gone on without it"),
            new Row(
                    v -> v.vouched() && !v.own().primary() && v.peer().isPresent(),
                    true,
                    "the last primary, which is none any more, has vouched for it"),
            new Row(
                    v -> v.vouched() && !v.own().primary(),
                    true,
                    true,
                    "the last primary has vouched for it, and it has lived on since"),
            new Row(
                    v -> v.own().primary() && v.own().promotable().equals(Set.of(v.self())),
                    true,
                    "it was the last primary, and alone"),
            new Row(v -> v.peer().isPresent(), true, "the other machine, asked, has not been primary since"),
            new Row(
                    v -> true,
                    false,
                    "it has been away, and the other machine, which may have been primary meanwhile, does not answer"));

    static Decision decide(View view) {
        return TABLE.stream()
                .filter(row -> row.when().test(view))
                .findFirst()
                .map(row -> new Decision(row.may(), row.onDeath(), row.why()))
                .orElseThrow();
    }
}
