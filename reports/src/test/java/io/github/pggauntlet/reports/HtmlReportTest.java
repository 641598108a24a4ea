package io.github.pggauntlet.reports;

import static io.github.pggauntlet.reports.SyntheticRun.MILLI;
import static io.github.pggauntlet.reports.SyntheticRun.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Milestone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {

    private static final String HOSTILE =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'& {{title}}";

    @TempDir
    Path path;

    @Test
    void thePageHoldsTheEssentialsWithoutScript() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 3, 200, 20, true)) {
            run.judge();
            Document page = page(run);

            assertThat(page.select("header.verdict.kept .word").text()).isEqualTo("kept");
            assertThat(page.select("header .mark").text()).isEqualTo("✔");
            assertThat(page.select(".subject").text()).isEqualTo("streaming · sync · crash-cycle · seed 7");
            assertThat(page.select(".figures dt").eachText())
                    .containsExactly(
                            "writes acknowledged",
                            "writes lost",
                            "failovers",
                            "rejoins",
                            "writers at once, at most",
                            "write outage, p50",
                            "commit latency, p50");
            assertThat(page.select(".promises > tbody > tr > th").eachText())
                    .containsExactly("traffic", "durability", "single-writer", "rejoin", "write-outage");
            assertThat(page.select(".promises .pill").eachText()).containsOnly("✔ kept");
            assertThat(page.select(".outages .stack")).hasSize(3);
            assertThat(page.select(".outages .stack").get(0).select(".part")).hasSize(6);
            assertThat(page.select("#h-lost + p").text()).isEqualTo("None.");
            assertThat(page.select("pre.command").get(0).text()).isEqualTo("./gauntlet check " + path);
        }
    }

    @Test
    void thePageAsksNobodyForAnything() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 1, 50, 8, true)) {
            run.judge();
            Document page = page(run);

            assertThat(page.select("[src], link, iframe, object, a[href], form"))
                    .isEmpty();
            assertThat(page.select("style").html()).doesNotContain("@import").doesNotContain("url(http");
            assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                    .contains("default-src 'none'")
                    .containsPattern("script-src 'sha256-[A-Za-z0-9+/]+=*'");
        }
    }

    @Test
    void theModelIsInThePage() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 2, 100, 10, true)) {
            run.judge();
            JsonNode model =
                    new JsonMapper().readTree(page(run).select("#model").first().data());

            assertThat(model.required("verdict").required("verdict").asString()).isEqualTo("KEPT");
            assertThat(model.required("lanes")).hasSize(2);
            assertThat(model.required("outages").required(0).required("parts").properties())
                    .hasSize(6);
            assertThat(model.required("startedAt").asString()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(model.required("faults").required(0).required("healed").isNumber())
                    .isTrue();
            assertThat(model.required("faults").required(2).required("healed").isNull())
                    .isTrue();
        }
    }

    @Test
    void aBrokenRunShowsItsProofs() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 2, 1000, 15, false)) {
            run.judge();
            Document page = page(run);

            assertThat(page.select("header.verdict.broken .mark").text()).isEqualTo("✘");
            assertThat(page.select(".promises tr.broken details[open] .operations .what"))
                    .isNotEmpty();
            assertThat(page.select("#lost-writes tbody tr")).hasSizeBetween(1, 24);
            assertThat(page.select(".figures .alarm dt").eachText())
                    .containsExactly("writes lost", "writers at once, at most");
        }
    }

    @Test
    void aRunWithoutAnythingHasAPage() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            Document page = page(run);

            assertThat(page.select("header.unjudged .word").text()).isEqualTo("not judged");
            assertThat(page.select(".promises td").text()).isEqualTo("No promise has been judged.");
            assertThat(page.select("#h-lost + p").text()).startsWith("Not known");
        }
    }

    @Test
    void hostileTextsStayTexts() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.plan(new JsonMapper()
                    .writeValueAsString(
                            Map.of("strategy", HOSTILE, "scenario", HOSTILE, "versions", Map.of(HOSTILE, HOSTILE))));
            run.event(new RunEvent.Phase(0, HOSTILE));
            run.event(new RunEvent.FaultMade(
                    MILLI, 2 * MILLI, HOSTILE, HOSTILE, FaultClass.POSTMASTER_CRASH, HOSTILE, HOSTILE, HOSTILE));
            run.event(new RunEvent.FaultHealed(SECOND, HOSTILE, HOSTILE));
            run.journal(SECOND, HOSTILE, Milestone.REJOIN_PLANNED, Map.of("way", HOSTILE, "reason", HOSTILE));
            run.journal(SECOND, HOSTILE, Milestone.PROMOTION_STARTED, Map.of("lsn", HOSTILE, "from-timeline", HOSTILE));
            run.journal(SECOND, HOSTILE, Milestone.PROMOTED, Map.of("timeline", "2"));
            run.write(SessionKind.CLIENT, 0, MILLI, Outcome.ACKNOWLEDGED, HOSTILE, 1, HOSTILE, HOSTILE);
            run.read(HOSTILE, Occasion.FINAL, 2 * SECOND, 2, KeySet.empty());
            run.judge();

            String html = new HtmlReport().render(RunReport.read(run.folder()));
            Document page = Jsoup.parse(html);

            assertThat(page.select("script")).hasSize(2);
            assertThat(page.select("img, [onerror]")).isEmpty();
            assertThat(page.select("#lost-writes tbody tr")).hasSize(1);
            assertThat(page.select("#journal tbody tr").get(0).child(1).text()).isEqualTo(HOSTILE);
            assertThat(page.select("#model").first().data()).doesNotContain("<");
            JsonNode model =
                    new JsonMapper().readTree(page.select("#model").first().data());
            assertThat(model.required("phases").required(0).required("name").asString())
                    .isEqualTo(HOSTILE);

            ReportModel read = RunReport.read(run.folder());
            assertThat(new MarkdownSummary().render(read))
                    .doesNotContain("<script")
                    .doesNotContain("<img");
        }
    }

    @Test
    void terminalsAndBuildServersGetASummary() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 3, 200, 20, true)) {
            run.judge();
            ReportModel model = RunReport.read(run.folder());

            String text =
                    new TextSummary().render(model, Optional.of(run.folder().report()));
            assertThat(text.lines()).hasSizeBetween(10, 16);
            assertThat(text)
                    .startsWith("✔ KEPT  ")
                    .contains("3 failovers, rejoins: 1 copy, 1 follow, 1 rewind; at most 1 writer at once")
                    .endsWith("report.html\n");

            String markdown = new MarkdownSummary().render(model);
            assertThat(markdown)
                    .startsWith("## ✔ kept: streaming · sync · crash-cycle · seed 7\n")
                    .contains("| ✔ | durability | kept | All of ")
                    .contains("<pre>./gauntlet run --strategy streaming");
        }
    }

    @Test
    void noControlCharacterReachesTheTerminal() throws IOException {
        try (SyntheticRun run = new SyntheticRun(path)) {
            run.plan("{\"x\": \u001b[31m");
            String text = new TextSummary().render(RunReport.read(RunReportTest.flushed(run)), Optional.empty());

            assertThat(text.replace("\n", "").chars()).noneMatch(Character::isISOControl);
        }
    }

    /** Printed and not judged: how fast it is depends on the machine. */
    @Test
    void aLongRunsReportIsSmall() throws IOException {
        try (SyntheticRun run = SyntheticRun.crashCycle(path, 3, 5_000, 20, true)) {
            run.judge();
            long begin = System.nanoTime();
            Path report = new HtmlReport().write(run.folder());
            System.out.printf(
                    "%d kB of history became %d kB of report in %d ms%n",
                    Files.size(run.folder().history()) / 1000,
                    Files.size(report) / 1000,
                    (System.nanoTime() - begin) / MILLI);
            assertThat(report).isEqualTo(run.folder().report()).isNotEmptyFile();
        }
    }

    private static Document page(SyntheticRun run) {
        return Jsoup.parse(new HtmlReport().render(RunReport.read(RunReportTest.flushed(run))));
    }
}
