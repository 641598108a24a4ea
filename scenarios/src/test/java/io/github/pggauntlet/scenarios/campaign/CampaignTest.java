package io.github.pggauntlet.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignTest {

    private static final RunPlan PLAN =
            RunPlan.of("streaming", Durability.SYNC, "random-faults", Map.of("kinds", "promised"), 7);

    private final List<RunPlan> run = new ArrayList<>();

    @TempDir
    private Path folder;

    private static Campaign.Settings settings(int faults, Shard shard) {
        return new Campaign.Settings(
                PLAN,
                20,
                new Budget(Optional.of(faults), Optional.empty()),
                shard,
                List.of("./gauntlet", "campaign"),
                Optional.empty());
    }

    private Campaign campaign(Campaign.Settings settings, Campaign.Executor executor) {
        return new Campaign(settings, new CampaignFolder(folder), executor, new Campaign.Listener() {
            @Override
            public void begins(int number, RunPlan plan) {
                run.add(plan);
            }

            @Override
            public void ended(RunDigest digest, CampaignSummary soFar) {}

            @Override
            public void failed(int number, String why) {}
        });
    }

    private static RunDigest digest(int number, Ruling ruling) {
        return new RunDigest(
                number,
                number + 100L,
                CampaignFolder.name(number),
                ruling.id(),
                ruling == Ruling.KEPT ? List.of() : List.of("durability broken: a row is gone"),
                1000,
                ruling == Ruling.BROKEN ? 2 : 0,
                1,
                3,
                new TreeMap<>(Map.of("rewind", 2)),
                new TreeMap<>(Map.of("the postmaster of the primary is killed", 4)),
                1,
                List.of(100.0, 300.0),
                List.of(2000.0 + number));
    }

    @Test
    void theRunsOfAllShardsAreThoseOfTheWholeCampaign() {
        Campaign whole = campaign(settings(50, Shard.WHOLE), (plan, path) -> {});
        assertThat(whole.plan(0).parameters()).containsEntry("faults", "20");
        assertThat(whole.plan(2).parameters()).containsEntry("faults", "10");
        assertThat(whole.plan(0).seed()).isNotEqualTo(whole.plan(1).seed());
        Campaign shard = campaign(settings(50, Shard.of("1/2")), (plan, path) -> {});
        assertThat(shard.plan(1)).isEqualTo(whole.plan(1));
    }

    @Test
    void aShardRunsItsOwnRunsAndNoMore() throws InterruptedException {
        CampaignSummary summary =
                campaign(settings(50, Shard.of("1/2")), (plan, path) -> {}).run();
        assertThat(run).hasSize(1);
        assertThat(summary.verdict()).as("no run left a verdict").isEqualTo(Ruling.VACUOUS);
    }

    @Test
    void anEnvironmentThatFailsAgainAndAgainEndsIt() {
        Campaign campaign = campaign(settings(200, Shard.WHOLE), (plan, path) -> {
            throw new EnvironmentException("The engine is gone.");
        });
        assertThatThrownBy(campaign::run)
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("3 runs in a row")
                .hasMessageContaining("The engine is gone.");
        assertThat(new CampaignFolder(folder).read().environmentFailures()).isEqualTo(3);
    }

    @Test
    void aSummaryIsReadBackAndMerged() {
        CampaignFolder first = new CampaignFolder(folder.resolve("one"));
        CampaignSummary one = new CampaignSummary(List.of("c"), List.of(digest(0, Ruling.KEPT)), 1);
        first.write(one);
        assertThat(first.read()).isEqualTo(one);
        CampaignSummary all = CampaignSummary.merge(List.of(
                new CampaignSummary(List.of("c"), List.of(digest(1, Ruling.BROKEN)), 0), first.read()));
        assertThat(all.verdict()).isEqualTo(Ruling.BROKEN);
        assertThat(all.faults()).isEqualTo(8);
        assertThat(all.lost()).isEqualTo(2);
        assertThat(all.markdown())
                .contains("# Campaign: broken", "| runs | 2 (1 broken, 1 kept) |", "| rejoins | 4 by rewind |")
                .contains("| from the last heal to full redundancy, longest | 2001 ms |", "a row is gone");
        assertThatThrownBy(() -> CampaignSummary.merge(List.of(one, one))).hasMessageContaining("the same run");
        assertThatThrownBy(() -> CampaignSummary.merge(List.of(one, new CampaignSummary(List.of("d"), List.of(), 0))))
                .hasMessageContaining("not parts of one campaign");
        assertThatThrownBy(() -> first.requireCampaign(List.of("d"))).hasMessageContaining("holds another campaign");
    }

    @Test
    void budgetsAndShardsAreReadStrictly() {
        assertThat(Budget.time("30m")).isEqualTo(Duration.ofMinutes(30));
        assertThatThrownBy(() -> Budget.time("soon")).hasMessageContaining("'soon' is none");
        assertThatThrownBy(() -> new Budget(Optional.empty(), Optional.empty()))
                .hasMessageContaining("say one of them");
        assertThatThrownBy(() -> Shard.of("2/2")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shard.of("a")).hasMessageContaining("such as 0/4");
    }
}
