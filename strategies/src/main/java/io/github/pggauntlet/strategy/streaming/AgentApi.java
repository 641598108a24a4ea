package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an agent answers to whoever asks it over HTTP: to load balancers and supervisors ({@link HealthCheck}), to monitoring
 * ({@link Metrics}), to other agents and the operator. Everything that only tells something is open to everybody and holds no
 * secret; what is an order, and what arbiters ask each other, needs the cluster's token.
 *
 * <p>Nothing here is remembered from one request to the next: every answer comes from asking PostgreSQL and looking at the
 * lease at that moment. Safe for use by several threads.
 */
final class AgentApi {

    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int WRONG_METHOD = 405;
    static final int CONFLICT = 409;
    static final int UNAVAILABLE = 503;

    static final String SWITCHOVER = "/switchover";

    /** What is given with POST, by whoever has the cluster's token. */
    static final Set<String> ORDERS = Set.of(SWITCHOVER, AgentClient.FAVOUR, AgentClient.QUESTIONS);

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /**
     * A request.
     *
     * @param method its method
     * @param path what it asks for
     * @param query what comes behind the question mark; of several values of one name, the last
     * @param authorization its header of that name
     * @param content reads what is sent with it, once; throws {@link IllegalArgumentException} if that is too long
     */
    record Request(
            String method,
            String path,
            Map<String, String> query,
            Optional<String> authorization,
            Supplier<String> content) {

        /** Nothing is sent with it. */
        Request(String method, String path, Map<String, String> query, Optional<String> authorization) {
            this(method, path, query, authorization, () -> "");
        }
    }

    /**
     * An answer.
     *
     * @param code its status code
     * @param type its content's type
     * @param body its content
     */
    record Answer(int code, String type, String body) {}

    private final AgentConfig config;
    private final SelfReport self;
    private final CountedJournal journal;
    private final Peers peers;
    private final HandOver handOver;
    private final Optional<PeerAnswers> answers;
    private final JsonMapper json;

    /**
     * @param config what the agent was told
     * @param self asked what the member is
     * @param journal what the member has done
     * @param peers the other members' agents
     * @param handOver told who shall have the primary's role
     * @param answers answers the other members' arbiters, if the member's arbiter talks to them
     * @param json how answers are written
     */
    AgentApi(
            AgentConfig config,
            SelfReport self,
            CountedJournal journal,
            Peers peers,
            HandOver handOver,
            Optional<PeerAnswers> answers,
            JsonMapper json) {
        this.config = config;
        this.self = self;
        this.journal = journal;
        this.peers = peers;
        this.handOver = handOver;
        this.answers = answers;
        this.json = json;
    }

    /** Answers. */
    Answer answer(Request request) throws InterruptedException {
        if (request.path().equals(SWITCHOVER)) {
            Optional<Answer> refused = refused(request);
            return refused.isPresent()
                    ? refused.get()
                    : switchover(Optional.ofNullable(request.query().get(AgentClient.TARGET)));
        }
        if (request.path().equals(AgentClient.FAVOUR)) {
            return refused(request).orElseGet(() -> favour(request));
        }
        if (request.path().equals(AgentClient.QUESTIONS) && answers.isPresent()) {
            return refused(request).orElseGet(() -> question(answers.get(), request));
        }
        if (!READING.contains(request.method())) {
            return said(WRONG_METHOD, "This is only read: GET, HEAD or OPTIONS.");
        }
        return switch (request.path()) {
            case "/status" -> answer(OK, self.status());
            case "/journal" -> journal(request);
            case "/cluster" -> answer(OK, cluster());
            case "/metrics" -> new Answer(OK, PROMETHEUS, metrics());
            default -> {
                Optional<HealthCheck> check = HealthCheck.at(request.path());
                yield check.isPresent()
                        ? health(check.get(), request.query())
                        : said(NOT_FOUND, "There is nothing at " + request.path() + ".");
            }
        };
    }

    private Answer health(HealthCheck check, Map<String, String> query) throws InterruptedException {
        if (check == HealthCheck.LIVENESS) {
            // A silent PostgreSQL must not make its agent look dead.
            NodeStatus unasked = NodeStatus.unreachable(config.member(), java.time.Instant.now(), "");
            HealthCheck.View view = view(unasked, OptionalLong.empty(), OptionalLong.empty());
            return answer(
                    check.holds(view) ? OK : UNAVAILABLE,
                    Map.of("seconds_since_step", self.sinceStep().toMillis() / 1000.0));
        }
        String lag = query.get("lag");
        OptionalLong most = lag == null ? OptionalLong.empty() : Bytes.parse(lag);
        if (lag != null && most.isEmpty()) {
            return said(BAD_REQUEST, "The lag is asked for in bytes, kB, MB, GB or TB, as in ?lag=16MB.");
        }
        if (most.isEmpty() && check == HealthCheck.READINESS) {
            most = OptionalLong.of(HealthCheck.READY_BYTES);
        }
        Optional<WalState> wal = self.walState();
        NodeStatus status = self.status();
        Optional<Lsn> primary =
                most.isPresent() && status.role() == NodeRole.STANDBY ? primaryAt() : Optional.<Lsn>empty();
        OptionalLong behind = wal.map(state ->
                        "write".equals(query.get("mode")) ? state.unwritten(primary) : state.unapplied(primary))
                .orElseGet(OptionalLong::empty);
        HealthCheck.View view = view(status, behind, most);
        return answer(check.holds(view) ? OK : UNAVAILABLE, describe(status, wal, behind));
    }

    private HealthCheck.View view(NodeStatus status, OptionalLong behind, OptionalLong most) {
        return new HealthCheck.View(
                status.role(),
                status.open(),
                !self.leaseLeft().isZero(),
                status.timeline().isPresent(),
                status.streaming(),
                synchronous(status),
                behind,
                most,
                self.sinceStep(),
                config.timings().lease());
    }

    /** Commits wait for a standby that may be promoted, unless the cluster is asynchronous. */
    private boolean synchronous(NodeStatus status) {
        return config.durability() != Durability.ASYNC && status.promotable().contains(config.member());
    }

    /** How far the primary's WAL reaches, by its own account. */
    private Optional<Lsn> primaryAt() throws InterruptedException {
        return others().stream()
                .filter(other -> other.role() == NodeRole.PRIMARY && other.open())
                .findFirst()
                .flatMap(NodeStatus::lsn);
    }

    private List<NodeStatus> others() throws InterruptedException {
        return peers.ask(config.others());
    }

    /** What a health check tells beside its yes or no, in Patroni's words where it has some. */
    private Map<String, Object> describe(NodeStatus status, Optional<WalState> wal, OptionalLong behind) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", state(status));
        body.put("role", role(status));
        wal.ifPresent(state -> {
            body.put("server_version", state.version());
            body.put("postmaster_start_time", state.startedAt().toString());
        });
        status.timeline().ifPresent(timeline -> body.put("timeline", timeline));
        body.put("xlog", xlog(status, wal));
        behind.ifPresent(bytes -> body.put("lag", bytes));
        body.put("cluster", config.cluster());
        body.put("member", config.member());
        body.put("open", status.open());
        body.put("streaming", status.streaming());
        body.put("sync_standby", status.role() == NodeRole.STANDBY && synchronous(status));
        body.put("lease_seconds_left", self.leaseLeft().toMillis() / 1000.0);
        body.put("promotable", status.promotable().stream().sorted().toList());
        body.put("note", status.note());
        return body;
    }

    private static Map<String, Object> xlog(NodeStatus status, Optional<WalState> wal) {
        Map<String, Object> xlog = new LinkedHashMap<>();
        if (status.role() == NodeRole.PRIMARY) {
            status.lsn().ifPresent(lsn -> xlog.put("location", lsn.value()));
        } else {
            wal.flatMap(WalState::received).ifPresent(lsn -> xlog.put("received_location", lsn.value()));
            wal.flatMap(WalState::replayed).ifPresent(lsn -> xlog.put("replayed_location", lsn.value()));
        }
        return xlog;
    }

    private static String state(NodeStatus status) {
        return switch (status.role()) {
            case PRIMARY, PROMOTING -> "running";
            case STANDBY -> status.streaming() ? "streaming" : "running";
            case REJOINING -> "rejoining";
            case TRANSITION -> "starting";
            case STOPPED -> "stopped";
            case QUARANTINED -> "quarantined";
            case UNREACHABLE -> "unknown";
        };
    }

    private static String role(NodeStatus status) {
        return status.role() == NodeRole.PRIMARY ? "primary" : "replica";
    }

    private Map<String, Object> cluster() throws InterruptedException {
        Map<String, NodeStatus> statuses = new TreeMap<>();
        others().forEach(other -> statuses.put(other.member(), other));
        statuses.put(config.member(), self.status());
        Optional<Lsn> end = statuses.values().stream()
                .filter(status -> status.role() == NodeRole.PRIMARY)
                .flatMap(status -> status.lsn().stream())
                .max(Lsn::compareTo);
        List<Map<String, Object>> members = new ArrayList<>();
        for (String member : config.members()) {
            NodeStatus status =
                    statuses.getOrDefault(member, NodeStatus.unreachable(member, java.time.Instant.now(), "not asked"));
            members.add(inCluster(status, end));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("scope", config.cluster());
        body.put("members", members);
        return body;
    }

    private Map<String, Object> inCluster(NodeStatus status, Optional<Lsn> end) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", status.member());
        boolean waitedFor =
                config.durability() != Durability.ASYNC && status.promotable().contains(status.member());
        entry.put(
                "role",
                status.role() == NodeRole.PRIMARY
                        ? "leader"
                        : status.role() == NodeRole.STANDBY && waitedFor ? "sync_standby" : "replica");
        entry.put("state", state(status));
        Endpoint postgres = config.postgres().get(status.member());
        if (postgres != null) {
            entry.put("host", postgres.host());
            entry.put("port", postgres.port());
        }
        Endpoint agent = config.agents().get(status.member());
        if (agent != null) {
            entry.put("api_url", AgentClient.scheme(config.credentials().tls().isPresent()) + agent + "/");
        }
        status.timeline().ifPresent(timeline -> entry.put("timeline", timeline));
        if (status.role() != NodeRole.PRIMARY && end.isPresent() && status.lsn().isPresent()) {
            entry.put("lag", Math.max(0, end.get().minus(status.lsn().get())));
        }
        return entry;
    }

    private String metrics() {
        Optional<WalState> wal = self.walState();
        NodeStatus status = self.status();
        return Metrics.text(
                config.cluster(), status, wal, self, status.role() == NodeRole.STANDBY && synchronous(status), journal);
    }

    private Answer journal(Request request) {
        String after = request.query().getOrDefault("after", "0");
        try {
            return answer(OK, journal.after(Long.parseLong(after)));
        } catch (NumberFormatException e) {
            return said(BAD_REQUEST, "The journal is asked for as /journal?after=NUMBER.");
        }
    }

    /**
     * Hands the role over. A standby that is named must be able to take it: whoever lacks something would not be chosen, and
     * the role would go to another.
     */
    private Answer switchover(Optional<String> target) throws InterruptedException {
        NodeStatus status = self.status();
        if (status.role() != NodeRole.PRIMARY || !status.open()) {
            return said(CONFLICT, config.member() + " is not primary; order the primary to hand its role over.");
        }
        if (target.isPresent()) {
            String wanted = target.get();
            if (!config.members().contains(wanted) || wanted.equals(config.member())) {
                return said(BAD_REQUEST, "'" + wanted + "' is not another member; the members are " + config.members());
            }
            if (!status.promotable().contains(wanted)) {
                return said(
                        CONFLICT,
                        wanted + " may not be promoted now, only " + new TreeSet<>(status.promotable())
                                + " may; wait until it has caught up.");
            }
            // Whoever does not hear of it would come forward by the configuration's preference.
            for (String other : config.members()) {
                if (!other.equals(config.member())
                        && !handOver.tell(other, wanted)
                        && (other.equals(wanted) || status.promotable().contains(other))) {
                    return said(UNAVAILABLE, other + " could not be told that " + wanted + " shall take over.");
                }
            }
            handOver.favour(wanted);
        }
        handOver.stepDown();
        return said(OK, "ordered");
    }

    private Answer favour(Request request) {
        String wanted = request.query().getOrDefault(AgentClient.TARGET, "");
        if (!config.members().contains(wanted)) {
            return said(BAD_REQUEST, "'" + wanted + "' is not a member; the members are " + config.members());
        }
        handOver.favour(wanted);
        return said(OK, "noted");
    }

    private Answer question(PeerAnswers arbiter, Request request) {
        try {
            return said(OK, arbiter.answer(request.content().get()));
        } catch (IllegalArgumentException e) {
            return said(BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** Why an order is not taken; empty if it is. */
    private Optional<Answer> refused(Request request) {
        byte[] wanted = ("Bearer " + config.credentials().agent().reveal()).getBytes(UTF_8);
        byte[] given = request.authorization().orElse("").getBytes(UTF_8);
        // Compared in constant time, so that the token cannot be guessed byte by byte.
        if (!MessageDigest.isEqual(given, wanted)) {
            return Optional.of(said(FORBIDDEN, "An order needs the cluster's token."));
        }
        if (!request.method().equals("POST")) {
            return Optional.of(said(WRONG_METHOD, "An order is given with POST."));
        }
        return Optional.empty();
    }

    private Answer said(int code, String sentence) {
        return answer(code, sentence);
    }

    private Answer answer(int code, Object content) {
        return new Answer(code, JSON, json.writeValueAsString(content));
    }
}
