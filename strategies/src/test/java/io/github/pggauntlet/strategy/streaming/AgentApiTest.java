package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.streaming.AgentApi.Answer;
import io.github.pggauntlet.strategy.streaming.AgentApi.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What an agent answers to those that ask it over HTTP. */
class AgentApiTest {

    private final SaidOfItself self = new SaidOfItself();
    private final CountedJournal journal = new CountedJournal(new RecordedJournal("machine0"));
    private final AtomicInteger orders = new AtomicInteger();
    private final RecordedHandOver handOver = new RecordedHandOver(orders);
    private final List<List<String>> asked = new ArrayList<>();
    private List<NodeStatus> others = List.of(other(NodeRole.STANDBY, SaidOfItself.HERE));
    private final AgentApi api = api(Durability.SYNC);

    private AgentApi api(Durability durability) {
        return new AgentApi(
                Configs.of("machine0", List.of("machine0", "machine1"), durability, Map.of()),
                self,
                journal,
                members -> {
                    asked.add(members);
                    return others;
                },
                handOver,
                Optional.of(question -> {
                    if (question.isEmpty()) {
                        throw new IllegalArgumentException("Nothing is asked.");
                    }
                    return "heard " + question;
                }),
                AgentJson.mapper());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void aLoadBalancerMayAskInWhicheverWay(String method) throws InterruptedException {
        for (String path : List.of("/", "/primary", "/read-write", "/leader", "/health", "/liveness", "/readiness")) {
            assertThat(code(method, path, Map.of())).as(path).isEqualTo(200);
        }
        for (String path : List.of("/replica", "/sync", "/synchronous", "/async", "/asynchronous")) {
            assertThat(code(method, path, Map.of())).as(path).isEqualTo(503);
        }
        assertThat(code("POST", "/primary", Map.of())).isEqualTo(405);
        assertThat(code(method, "/nothing", Map.of())).isEqualTo(404);
    }

    @Test
    void theRoleIsFoundOutAtEveryRequest() throws InterruptedException {
        assertThat(code("GET", "/primary", Map.of())).isEqualTo(200);
        self.becomeStandby(0);
        assertThat(code("GET", "/primary", Map.of())).isEqualTo(503);
        assertThat(code("GET", "/replica", Map.of())).isEqualTo(200);
    }

    @Test
    void aStandbyIsAskedHowFarItIsBehind() throws InterruptedException {
        self.becomeStandby(100_000);
        assertThat(code("GET", "/replica", Map.of("lag", "100000"))).isEqualTo(200);
        assertThat(code("GET", "/replica", Map.of("lag", "97kB"))).isEqualTo(503);
        assertThat(code("GET", "/readiness", Map.of())).isEqualTo(200);
        assertThat(code("GET", "/readiness", Map.of("lag", "1kB"))).isEqualTo(503);
        assertThat(code("GET", "/replica", Map.of("lag", "much"))).isEqualTo(400);
    }

    /** Behind a slow link the standby itself does not know how far the primary is. */
    @Test
    void thePrimaryIsAskedWhereItIs() throws InterruptedException {
        self.becomeStandby(0);
        others = List.of(other(NodeRole.PRIMARY, new Lsn(SaidOfItself.HERE.value() + (20L << 20))));
        assertThat(code("GET", "/replica", Map.of())).isEqualTo(200);
        assertThat(asked).isEmpty();
        assertThat(code("GET", "/replica", Map.of("lag", "16MB"))).isEqualTo(503);
        assertThat(code("GET", "/replica", Map.of("lag", "20MB"))).isEqualTo(200);
        assertThat(asked).containsOnly(List.of("machine1"));
    }

    @Test
    void aStandbyIsSynchronousIfCommitsWaitForIt() throws InterruptedException {
        self.becomeStandby(0);
        assertThat(code("GET", "/sync", Map.of())).isEqualTo(200);
        assertThat(code("GET", "/async", Map.of())).isEqualTo(503);

        AgentApi asynchronous = api(Durability.ASYNC);
        assertThat(asynchronous.answer(get("/sync")).code()).isEqualTo(503);
        assertThat(asynchronous.answer(get("/async")).code()).isEqualTo(200);
    }

    @Test
    void livenessAsksNoPostgresql() throws InterruptedException {
        self.status = () -> {
            throw new AssertionError("asked");
        };
        assertThat(code("GET", "/liveness", Map.of())).isEqualTo(200);
        self.sinceStep = Duration.ofMinutes(1);
        assertThat(code("GET", "/liveness", Map.of())).isEqualTo(503);
    }

    @Test
    void aHealthCheckTellsWhatItRestsOnInPatronisWords() throws InterruptedException {
        JsonNode primary = json("/primary");
        assertThat(primary.get("role").asString()).isEqualTo("primary");
        assertThat(primary.get("state").asString()).isEqualTo("running");
        assertThat(primary.get("timeline").asInt()).isEqualTo(3);
        assertThat(primary.get("server_version").asInt()).isEqualTo(170006);
        assertThat(primary.get("xlog").get("location").asLong()).isEqualTo(SaidOfItself.HERE.value());

        self.becomeStandby(5);
        JsonNode standby = json("/replica");
        assertThat(standby.get("role").asString()).isEqualTo("replica");
        assertThat(standby.get("state").asString()).isEqualTo("streaming");
        assertThat(standby.get("lag").asLong()).isEqualTo(5);
        assertThat(standby.get("sync_standby").asBoolean()).isTrue();
    }

    @Test
    void theClusterIsToldAsPatroniTellsIt() throws InterruptedException {
        others = List.of(other(NodeRole.STANDBY, new Lsn(SaidOfItself.HERE.value() - 42)));
        JsonNode cluster = json("/cluster");
        assertThat(cluster.get("scope").asString()).isEqualTo("shop");
        JsonNode first = cluster.get("members").get(0);
        JsonNode second = cluster.get("members").get(1);
        assertThat(first.get("name").asString()).isEqualTo("machine0");
        assertThat(first.get("role").asString()).isEqualTo("leader");
        assertThat(second.get("role").asString()).isEqualTo("sync_standby");
        assertThat(second.get("state").asString()).isEqualTo("streaming");
        assertThat(second.get("host").asString()).isEqualTo("machine1.example");
        assertThat(second.get("lag").asLong()).isEqualTo(42);
    }

    @Test
    void metricsAreWhatPrometheusReads() throws InterruptedException {
        journal.record(Milestone.PROMOTED);
        journal.record(Milestone.FENCED);
        journal.record(Milestone.REJOINED, Map.of("way", "rewind"));
        journal.record(Milestone.REJOINED, Map.of("way", "rewind"));

        Answer answer = api.answer(get("/metrics"));
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        String labels = "{cluster=\"shop\",member=\"machine0\"";
        assertThat(answer.body().lines())
                .contains(
                        "gauntlet_role" + labels + ",role=\"primary\"} 1",
                        "gauntlet_role" + labels + ",role=\"standby\"} 0",
                        "gauntlet_open" + labels + "} 1",
                        "gauntlet_timeline" + labels + "} 3",
                        "gauntlet_lease_seconds_left" + labels + "} 1.500",
                        "gauntlet_wal_position_bytes" + labels + "} " + SaidOfItself.HERE.value(),
                        "gauntlet_promotable" + labels + "} 1",
                        "gauntlet_promotions_total" + labels + "} 1",
                        "gauntlet_fences_total" + labels + "} 1",
                        "gauntlet_rejoins_total" + labels + ",way=\"rewind\"} 2",
                        "gauntlet_rejoins_total" + labels + ",way=\"copy\"} 0",
                        "gauntlet_agent_uptime_seconds" + labels + "} 61.000");
    }

    /** The format's rules: each name has one HELP and one TYPE, right before its samples. */
    @Test
    void everyMetricIsExplainedOnceAndBeforeItsSamples() throws InterruptedException {
        self.becomeStandby(7);
        Pattern sample = Pattern.compile("(gauntlet_[a-z_]+)\\{[a-z]+=\"[^\"]*\"(?:,[a-z]+=\"[^\"]*\")*} [0-9.]+");
        Set<String> explained = new TreeSet<>();
        String current = "";
        for (String line : api.answer(get("/metrics")).body().lines().toList()) {
            if (line.startsWith("# HELP ")) {
                current = line.split(" ")[2];
                assertThat(explained.add(current)).as(current).isTrue();
            } else if (line.startsWith("# TYPE ")) {
                assertThat(line).matches("# TYPE " + current + " (gauge|counter)");
                assertThat(line.endsWith("counter")).isEqualTo(current.endsWith("_total"));
            } else {
                Matcher matcher = sample.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                assertThat(matcher.group(1)).isEqualTo(current);
            }
        }
        assertThat(explained).hasSizeGreaterThan(25);
    }

    @Test
    void whatIsNotKnownIsLeftOut() throws InterruptedException {
        self.wal = Optional.empty();
        self.status = () -> NodeStatus.unreachable("machine0", Instant.EPOCH, "down");
        assertThat(api.answer(get("/metrics")).body())
                .contains("gauntlet_postgres_running{cluster=\"shop\",member=\"machine0\"} 0")
                .doesNotContain("gauntlet_timeline", "gauntlet_wal_position_bytes", "gauntlet_replication_lag_bytes");
    }

    @Test
    void nothingThatIsReadHoldsASecret() throws InterruptedException {
        for (String path : List.of("/", "/status", "/journal", "/cluster", "/metrics", "/liveness")) {
            assertThat(api.answer(get(path)).body()).as(path).doesNotContain("-secret");
        }
    }

    @Test
    void anOrderNeedsTheTokenAndAPost() throws InterruptedException {
        assertThat(order("POST", Optional.empty())).isEqualTo(403);
        assertThat(order("POST", Optional.of("agent-secret"))).isEqualTo(403);
        assertThat(order("POST", Optional.of("Bearer application-secret"))).isEqualTo(403);
        assertThat(order("GET", Optional.of("Bearer agent-secret"))).isEqualTo(405);
        assertThat(orders).hasValue(0);
        assertThat(order("POST", Optional.of("Bearer agent-secret"))).isEqualTo(200);
        assertThat(orders).hasValue(1);
    }

    @Test
    void aStandbyIsNotOrderedToHandOverWhatItDoesNotHave() throws InterruptedException {
        self.becomeStandby(0);
        assertThat(switchover("").code()).isEqualTo(409);
        assertThat(handOver.said).isEmpty();
    }

    @Test
    void theRoleIsHandedToTheStandbyThatIsNamedOnceAllHaveHeardOfIt() throws InterruptedException {
        assertThat(switchover("machine1").code()).isEqualTo(200);
        assertThat(handOver.said).containsExactly("tell machine1 machine1", "favour machine1", "step down");
    }

    @Test
    void theRoleIsKeptIfWhoIsNamedCannotTakeIt() throws InterruptedException {
        assertThat(switchover("machine0")).extracting(Answer::code).isEqualTo(400);
        assertThat(switchover("nobody").body()).contains("'nobody' is not another member");
        handOver.deaf.add("machine1");
        assertThat(switchover("machine1").code()).isEqualTo(503);
        self.status = () -> SaidOfItself.alone();
        assertThat(switchover("machine1").body()).contains("machine1 may not be promoted now");
        assertThat(handOver.said).doesNotContain("step down");
    }

    private Answer switchover(String target) throws InterruptedException {
        return api.answer(new Request(
                "POST",
                "/switchover",
                target.isEmpty() ? Map.of() : Map.of("to", target),
                Optional.of("Bearer agent-secret")));
    }

    @Test
    void whoShallTakeOverIsNotedOnlyFromWhoHasTheToken() throws InterruptedException {
        Map<String, String> target = Map.of("to", "machine1");
        assertThat(api.answer(new Request("POST", "/favour", target, Optional.empty()))
                        .code())
                .isEqualTo(403);
        assertThat(handOver.said).isEmpty();
        Optional<String> token = Optional.of("Bearer agent-secret");
        assertThat(api.answer(new Request("POST", "/favour", target, token)).code())
                .isEqualTo(200);
        assertThat(api.answer(new Request("POST", "/favour", Map.of(), token)).code())
                .isEqualTo(400);
        assertThat(handOver.said).containsExactly("favour machine1");
    }

    @Test
    void aQuestionOfAnotherArbiterNeedsTheTokenAndAPost() throws InterruptedException {
        Optional<String> token = Optional.of("Bearer agent-secret");
        assertThat(question("POST", Optional.empty(), "who").code()).isEqualTo(403);
        assertThat(question("POST", Optional.of("Bearer application-secret"), "who")
                        .code())
                .isEqualTo(403);
        assertThat(question("GET", token, "who").code()).isEqualTo(405);
        assertThat(question("POST", token, "").code()).isEqualTo(400);
        assertThat(question("POST", token, "who"))
                .extracting(Answer::code, Answer::body)
                .containsExactly(200, "\"heard who\"");
    }

    @Test
    void anArbiterThatTalksToNobodyIsNotAsked() throws InterruptedException {
        AgentApi silent = new AgentApi(
                Configs.of("machine0", List.of("machine0", "machine1"), Durability.SYNC, Map.of()),
                self,
                journal,
                members -> others,
                handOver,
                Optional.empty(),
                AgentJson.mapper());
        Request asked =
                new Request("POST", AgentClient.QUESTIONS, Map.of(), Optional.of("Bearer agent-secret"), () -> "who");
        assertThat(silent.answer(asked).code()).isNotEqualTo(200);
    }

    private Answer question(String method, Optional<String> authorization, String text) throws InterruptedException {
        return api.answer(new Request(method, AgentClient.QUESTIONS, Map.of(), authorization, () -> text));
    }

    private int order(String method, Optional<String> authorization) throws InterruptedException {
        return api.answer(new Request(method, "/switchover", Map.of(), authorization))
                .code();
    }

    private int code(String method, String path, Map<String, String> query) throws InterruptedException {
        return api.answer(new Request(method, path, query, Optional.empty())).code();
    }

    private JsonNode json(String path) throws InterruptedException {
        return AgentJson.mapper().readTree(api.answer(get(path)).body());
    }

    private static Request get(String path) {
        return new Request("GET", path, Map.of(), Optional.empty());
    }

    private static NodeStatus other(NodeRole role, Lsn lsn) {
        return new NodeStatus(
                "machine1",
                Instant.EPOCH,
                role,
                role == NodeRole.PRIMARY,
                OptionalInt.of(3),
                Optional.of(lsn),
                role == NodeRole.STANDBY,
                OptionalLong.of(12),
                Set.of("machine0", "machine1"),
                false,
                "");
    }
}
