package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Chooses which standby is promoted when there is no primary.
 *
 * <p>Invariant: nobody outside the durable promotable set is ever chosen, nobody while a member says that it is primary, and
 * nobody before so many have answered, with positions that do not change any more, that one of them has every acknowledged
 * commit. Among those who answered the later timeline of the accepted lineage wins, then the farther WAL position, then whom
 * the operator favours, then the preference of the cluster's configuration.
 *
 * <p>The accepted lineage: whatever lies on the timeline of the primary that last recorded the succession, or on an earlier one;
 * and a later timeline of the member that was elected last and has recorded nothing since, because that one had everything
 * when it was elected and nothing has been acknowledged after that. A standby that somebody promoted by hand is on a later
 * timeline and is neither.
 */
public final class CandidateSelection {

    private CandidateSelection() {}

    /**
     * What a member has said of itself.
     *
     * @param member its name
     * @param preference its place in the cluster's configuration; the lower is preferred
     * @param primary whether it says that it is primary
     * @param standby whether its PostgreSQL runs as a standby and so could be promoted
     * @param receiving whether it still receives WAL, so that its position may change
     * @param timeline the timeline it is on
     * @param lsn the farthest WAL position it has
     */
    public record Contender(
            String member,
            int preference,
            boolean primary,
            boolean standby,
            boolean receiving,
            int timeline,
            Lsn lsn) {}

    /**
     * A choice.
     *
     * @param member who is to be promoted; empty if nobody is
     * @param equals all who are as far as the one chosen, that one included: any of them would do
     * @param reason why
     */
    public record Choice(Optional<String> member, Set<String> equals, String reason) {

        public Choice {
            equals = Set.copyOf(equals);
        }

        static Choice nobody(String reason) {
            return new Choice(Optional.empty(), Set.of(), reason);
        }
    }

    private static final Comparator<Contender> ADVANCE =
            Comparator.comparingInt(Contender::timeline).thenComparing(Contender::lsn);

    private static Comparator<Contender> merit(Optional<String> favoured) {
        return ADVANCE.thenComparing(
                        one -> favoured.filter(one.member()::equals).isPresent())
                .thenComparing(Comparator.comparing(Contender::preference).reversed())
                // So that nobody's choice hangs on the order in which the answers came, even if two are preferred
                // alike.
                .thenComparing(Comparator.comparing(Contender::member).reversed());
    }

    /**
     * Chooses among those who answered.
     *
     * @param succession who may be promoted, and how many of them must be heard
     * @param elected who took the latest lease
     * @param favoured whom the operator wants to take over, if anybody: preferred to others who are as far, and to nobody else
     * @param contenders what those who answered said of themselves; the caller among them
     */
    public static Choice choose(
            Succession succession, Optional<String> elected, Optional<String> favoured, List<Contender> contenders) {
        Optional<Contender> primary =
                contenders.stream().filter(Contender::primary).findFirst();
        if (primary.isPresent()) {
            return Choice.nobody(primary.get().member() + " says that it is still primary");
        }
        List<Contender> able = contenders.stream()
                .filter(Contender::standby)
                .filter(one -> succession.members().contains(one.member()))
                .filter(one -> one.timeline() <= succession.timeline()
                        || elected.filter(one.member()::equals).isPresent())
                .toList();
        if (able.isEmpty()) {
            return Choice.nobody("none of those who may be promoted, " + new TreeSet<>(succession.members())
                    + ", runs as a standby of the cluster's lineage");
        }
        Optional<Contender> moving = able.stream().filter(Contender::receiving).findFirst();
        if (moving.isPresent()) {
            return Choice.nobody(moving.get().member() + " still receives WAL");
        }
        Set<String> heard = able.stream().map(Contender::member).collect(Collectors.toSet());
        Set<String> others = new HashSet<>(heard);
        others.remove(succession.by());
        if (!heard.contains(succession.by()) && others.size() < succession.toHear()) {
            return Choice.nobody("only " + new TreeSet<>(heard) + " of those who may be promoted, "
                    + new TreeSet<>(succession.members()) + ", have answered as standbys; it takes "
                    + succession.toHear() + " of them, or " + succession.by());
        }
        Contender best = able.stream().max(merit(favoured)).orElseThrow();
        return new Choice(
                Optional.of(best.member()),
                able.stream()
                        .filter(one -> ADVANCE.compare(one, best) == 0)
                        .map(Contender::member)
                        .collect(Collectors.toSet()),
                best.member() + " is at " + best.lsn() + " on timeline " + best.timeline()
                        + ", the farthest of those who may be promoted and answered");
    }
}
