package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.FailoverRules.Decision;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.FailoverRules.Row;
import io.github.pggauntlet.strategy.decision.FailoverRules.Step;
import io.github.pggauntlet.strategy.decision.RulesWalk.Edge;
import io.github.pggauntlet.strategy.decision.RulesWalk.Lease;
import io.github.pggauntlet.strategy.decision.RulesWalk.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the rules lead, and the page that shows it. */
class RulesWalkTest {

    private static final Path PAGE = Path.of("docs/failover-rules.md");
    private static final RulesWalk WALK = new RulesWalk(FailoverRules::decide);

    /** A primary that is up without the lease is fenced at the next step, but it is a state: the lease may just have ended. */
    @Test
    void everyStateOfPostgresIsReachedUnderEveryHolderOfTheLease() {
        Map<Lease, Set<Postgres>> seen = new EnumMap<>(Lease.class);
        for (State state : WALK.states()) {
            seen.computeIfAbsent(state.lease(), lease -> EnumSet.noneOf(Postgres.class))
                    .add(state.postgres());
        }

        assertThat(seen.get(Lease.SELF)).containsExactlyInAnyOrder(Postgres.values());
        assertThat(seen.get(Lease.OTHER)).containsExactlyInAnyOrder(Postgres.values());
        assertThat(seen.get(Lease.NOBODY)).containsExactlyInAnyOrder(Postgres.values());
    }

    @Test
    void everyRowDecidesSomewhereOnTheWay() {
        Set<String> taken = WALK.edges().stream()
                .filter(edge -> edge.step().isPresent())
                .map(Edge::why)
                .collect(Collectors.toSet());
        // The walk has no long steps: each is over when the next look is taken.
        List<String> wanted = FailoverRules.TABLE.stream()
                .map(Row::why)
                .filter(why -> !why.equals("a long step is under way"))
                .toList();

        assertThat(taken).containsExactlyInAnyOrderElementsOf(wanted);
    }

    /**
     * Once nothing goes wrong any more, every member becomes primary or a standby of the primary; unless it alone could be
     * primary and has lost its data, which only a backup brings back.
     */
    @Test
    void noStateIsATrap() {
        assertThat(WALK.states()).hasSizeGreaterThan(100).anyMatch(State::isGood);
        assertThat(WALK.traps()).isNotEmpty().allMatch(State::isLost);
    }

    /** A table with one step undone, each that brings a member back: the walk must find where it then gets stuck. */
    @ParameterizedTest
    @EnumSource(names = {"REJOIN", "START_STANDBY", "PROMOTE", "RELEASE", "FOLLOW"})
    void withoutAWayBackThereIsATrap(Step undone) {
        RulesWalk broken = new RulesWalk(view -> {
            Decision sound = FailoverRules.decide(view);
            return sound.step() == undone ? new Decision(Step.WAIT, "undone: " + sound.why()) : sound;
        });

        assertThat(broken.traps()).anyMatch(state -> !state.isLost());
    }

    @Test
    void thePageShowsTheRulesAsTheyAre() throws IOException {
        String page = page();
        Path made = Path.of("target/failover-rules.md");
        Files.createDirectories(Path.of("target"));
        Files.writeString(made, page);

        assertThat(PAGE)
                .as("the page of the rules; if the rules were meant to change, copy strategies/%s over it", made)
                .hasContent(page);
    }

    private static String page() {
        StringBuilder text = new StringBuilder("""
                # The rules of failover

                What a member does next, as `FailoverRules` decides it: the first row that matches. This page is made from the
                rules by a test, which fails when it is stale; another proves that every state is reached, that every row
                decides somewhere, and that once nothing goes wrong any more every state leads to a primary or to a standby of
                one, unless the only member that could be primary has lost its data.

                | row | PostgreSQL is | the member | because |
                |--:|---|---|---|
                """);
        int number = 1;
        for (Row row : FailoverRules.TABLE) {
            Set<String> states = WALK.edges().stream()
                    .filter(edge -> edge.step().isPresent() && edge.why().equals(row.why()))
                    .map(edge -> name(edge.from().postgres()))
                    .collect(Collectors.toCollection(TreeSet::new));
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | `%s` | %s |%n",
                    number++,
                    states.isEmpty() ? "anything" : String.join(", ", states),
                    row.step(),
                    row.why()));
        }
        text.append("""

                ## Where they lead

                PostgreSQL's state under each holder of the lease. An arrow is a step of the rules; an arrow in parentheses is
                what happens around the member, if it leads from one holder to another or starts PostgreSQL. What fails is left
                out: from anywhere PostgreSQL can end, and the lease be lost.

                ```mermaid
                stateDiagram-v2
                """);
        for (Lease lease : Lease.values()) {
            text.append("    state \"")
                    .append(title(lease))
                    .append("\" as ")
                    .append(lease)
                    .append(" {\n");
            for (Postgres postgres : Postgres.values()) {
                text.append("        state \"")
                        .append(name(postgres))
                        .append("\" as ")
                        .append(id(postgres, lease))
                        .append('\n');
            }
            text.append("    }\n");
        }
        text.append("    [*] --> ").append(id(Postgres.ABSENT, Lease.NOBODY)).append('\n');
        arrows().forEach((ends, labels) -> text.append("    ")
                .append(ends)
                .append(" : ")
                .append(String.join(", ", labels))
                .append('\n'));
        return text.append("```\n").toString();
    }

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (Edge edge : WALK.edges()) {
            String from = id(edge.from().postgres(), edge.from().lease());
            String to = id(edge.to().postgres(), edge.to().lease());
            boolean shown = edge.step().isPresent() ? edge.step().get() != FailoverRules.Step.WAIT : !edge.failure();
            if (shown && (edge.step().isPresent() || !from.equals(to))) {
                arrows.computeIfAbsent(from + " --> " + to, ends -> new TreeSet<>())
                        .add(edge.step().map(Enum::name).orElse("(" + edge.why() + ")"));
            }
        }
        return arrows;
    }

    private static String title(Lease lease) {
        return switch (lease) {
            case SELF -> "the member holds the lease";
            case OTHER -> "another member holds it";
            case NOBODY -> "nobody holds it";
        };
    }

    private static String id(Postgres postgres, Lease lease) {
        return lease + "_" + postgres;
    }

    private static String name(Postgres postgres) {
        return postgres.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
