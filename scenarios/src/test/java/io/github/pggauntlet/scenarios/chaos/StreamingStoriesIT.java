package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stories of the streaming strategy on real servers, each in the durability that it is about. Which story shows which
 * failure known from the field stands in {@code scenarios/docs/stories.md}. The whole suite takes a quarter of an hour and more;
 * {@code ./mvnw verify} plays those that have the tag {@code everyday}, {@code ./mvnw verify -Pcampaign} plays all.
 */
@Tag("chaos")
@Tag("streaming")
class StreamingStoriesIT {

    private static final long SEED = 11;

    /**
     * A story as it is played here.
     *
     * @param strategy the strategy that plays it
     * @param scenario its name
     * @param durability the durability it is played with
     * @param machines on how many machines
     * @param ways a way of rejoining that must have been taken; empty if the story is about something else
     */
    record Cast(String strategy, String scenario, Durability durability, int machines, String ways) {
        @Override
        public String toString() {
            return scenario + " on " + machines + " machines, " + durability.id();
        }
    }

    private static Cast cast(String scenario, Durability durability, int machines, String ways) {
        return new Cast("streaming", scenario, durability, machines, ways);
    }

    private static Cast cast(String scenario, Durability durability, int machines) {
        return cast(scenario, durability, machines, "");
    }

    static Stream<Cast> everyday() {
        return Stream.of(
                cast("agent-frozen", Durability.ASYNC, 2),
                cast("host-frozen", Durability.SYNC, 2, "rewind"),
                cast("isolated-primary", Durability.SYNC, 2, "rewind"),
                cast("alone-then-return", Durability.SYNC, 2),
                cast("standby-lost", Durability.STRICT, 2),
                cast("two-failures", Durability.SYNC, 3),
                cast("most-advanced", Durability.QUORUM, 3),
                cast("data-gone", Durability.SYNC, 2, "copy"),
                cast("switchover", Durability.SYNC, 2, "follow"));
    }

    static Stream<Cast> rest() {
        return Stream.of(
                new Cast("streaming-restart", "restarted-in-place", Durability.SYNC, 2, "rewind"),
                cast("agent-killed", Durability.SYNC, 2),
                cast("agent-frozen", Durability.SYNC, 2),
                cast("postgres-frozen", Durability.SYNC, 2),
                cast("backend-crash", Durability.SYNC, 2),
                cast("isolated-primary", Durability.ASYNC, 2, "rewind"),
                cast("isolated-primary", Durability.QUORUM, 3, "rewind"),
                cast("primary-without-arbiter", Durability.SYNC, 2),
                cast("standby-cut-off", Durability.SYNC, 2),
                cast("standby-cut-off", Durability.STRICT, 2),
                cast("arbiter-down", Durability.SYNC, 2),
                cast("fallen-apart", Durability.QUORUM, 3),
                cast("fallen-apart", Durability.QUORUM, 5),
                cast("old-primary-returns-early", Durability.SYNC, 2),
                cast("standby-ahead", Durability.ASYNC, 3),
                cast("rewind-interrupted", Durability.SYNC, 2),
                cast("source-dies-during-rejoin", Durability.SYNC, 2),
                cast("wal-gone", Durability.SYNC, 2, "copy"),
                cast("standby-away-too-long", Durability.SYNC, 2, "copy"),
                cast("only-survivor-must-rewind", Durability.QUORUM, 3, "rewind"),
                cast("standby-lost", Durability.SYNC, 2),
                cast("standby-lost", Durability.QUORUM, 3),
                cast("cancelled-wait", Durability.STRICT, 2),
                cast("rapid-failovers", Durability.SYNC, 2),
                cast("standby-just-back", Durability.SYNC, 2),
                cast("successor-fails", Durability.SYNC, 2),
                cast("behind-returns-first", Durability.QUORUM, 3),
                cast("promoted-by-hand", Durability.SYNC, 2, "copy"),
                cast("switchover", Durability.QUORUM, 3),
                cast("rolling-restart", Durability.QUORUM, 3),
                cast("standby-away-while-primary-isolated", Durability.SYNC, 2),
                cast("slow-always", Durability.SYNC, 2),
                cast("lagging-standby", Durability.ASYNC, 2),
                cast("elected-cannot-serve", Durability.SYNC, 2));
    }

    @DisplayName("every promise is kept:")
    @Tag("everyday")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void everyday(Cast cast) throws InterruptedException {
        play(cast);
    }

    @DisplayName("every promise is kept:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void rest(Cast cast) throws InterruptedException {
        play(cast);
    }

    private static void play(Cast cast) throws InterruptedException {
        RunPlan plan = RunPlan.of(cast.strategy(), cast.durability(), cast.scenario(), Map.of(), SEED)
                .withMachines(cast.machines());

        ChaosRun run = ChaosRun.of(
                        String.join("-", cast.scenario(), cast.durability().id(), Integer.toString(cast.machines())),
                        plan)
                .requireVerdict(Ruling.KEPT);

        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
        if (cast.durability() != Durability.ASYNC) {
            assertThat(run.verdict().lost()).as(run.summary()).isZero();
        }
        List<String> ways = Arrays.stream(cast.ways().split(" "))
                .filter(way -> !way.isEmpty())
                .toList();
        assertThat(run.verdict().rejoins().keySet()).as(run.summary()).containsAll(ways);
    }
}
