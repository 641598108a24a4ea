package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses which standby is promoted when there is no primary.
 *
 * <p>Invariant: nobody outside the durable promotable set is ever chosen, and nobody while a member says that it is
 * primary. Among those who may, the later timeline wins, then the farther WAL position, then the preference of the
 * cluster's configuration.
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
     * @param timeline the timeline it is on
     * @param lsn the farthest WAL position it has
     */
    public record Contender(String member, int preference, boolean primary, boolean standby, int timeline, Lsn lsn) {}

    /**
     * A choice.
     *
     * @param member who is to be promoted; empty if nobody is
     * @param reason why
     */
    public record Choice(Optional<String> member, String reason) {}

    private static final Comparator<Contender> MERIT = Comparator.comparingInt(Contender::timeline)
            .thenComparing(Contender::lsn)
            .thenComparing(Comparator.comparingInt(Contender::preference).reversed())
            // So that nobody's choice hangs on the order in which the answers came, even if two are preferred alike.
            .thenComparing(Comparator.comparing(Contender::member).reversed());

    /**
     * Chooses among those who answered.
     *
     * @param promotable the durable promotable set
     * @param contenders what those who answered said of themselves; the caller among them
     */
    public static Choice choose(Set<String> promotable, List<Contender> contenders) {
        Optional<Contender> primary =
                contenders.stream().filter(Contender::primary).findFirst();
        if (primary.isPresent()) {
            return new Choice(Optional.empty(), primary.get().member() + " says that it is still primary");
        }
        return contenders.stream()
                .filter(Contender::standby)
                .filter(contender -> promotable.contains(contender.member()))
                .max(MERIT)
                .map(best -> new Choice(
                        Optional.of(best.member()),
                        best.member() + " is at " + best.lsn() + " on timeline " + best.timeline()
                                + ", the farthest of those who may be promoted and answered"))
                .orElseGet(() -> new Choice(
                        Optional.empty(), "none of those who may be promoted, " + promotable + ", runs as a standby"));
    }
}
