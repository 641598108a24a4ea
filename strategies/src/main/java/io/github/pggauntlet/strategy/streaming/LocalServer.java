package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.postgres.ConnectionInfo;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.PostgresInstance;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL of this machine: a child process, its data directory, and a connection to it. */
final class LocalServer implements Server, AutoCloseable {

    /** The role that standbys stream and are copied with. */
    static final String REPLICATION_USER = "gauntlet_replication";

    /** The role that pg_rewind reads the primary's files with; it may do nothing else. */
    static final String REWIND_USER = "gauntlet_rewind";

    /** The role, and the database, that are made for applications. */
    static final String APPLICATION = "app";

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(3);

    private final AgentConfig config;
    private final PostgresInstance instance;
    private final Postmaster postmaster;
    private final ServerConnection sql;

    private final AtomicInteger timelineSeen = new AtomicInteger();
    private volatile Gate gate = Gate.CLOSED;
    private volatile Optional<String> upstream = Optional.empty();
    private volatile @Nullable Postgres lastDown;

    LocalServer(AgentConfig config, PostgresInstance instance, Postmaster postmaster) {
        this.config = config;
        this.instance = instance;
        this.postmaster = postmaster;
        this.sql = new ServerConnection(
                config.postgresPort(),
                config.credentials().superuser(),
                "gauntlet-agent",
                config.timings().call(),
                timelineSeen);
    }

    /** The latest timeline that PostgreSQL has been seen on since it was started; shared by all who ask it. */
    AtomicInteger timelineSeen() {
        return timelineSeen;
    }

    @Override
    public ServerView observe() throws InterruptedException {
        OptionalLong pid = postmaster.pid();
        if (pid.isPresent()) {
            ServerView view = sql.observe(pid);
            // What was a primary cannot become anything else before it ends; the control file need not be asked then.
            lastDown = view.state() == Postgres.PRIMARY ? Postgres.DOWN_PRIMARY : null;
            return view;
        }
        Postgres down = lastDown;
        if (down == null) {
            down = !instance.exists()
                    ? Postgres.ABSENT
                    : instance.control().state().standby() ? Postgres.DOWN_STANDBY : Postgres.DOWN_PRIMARY;
            lastDown = down;
        }
        return ServerView.without(down, pid);
    }

    @Override
    public Optional<String> upstream() {
        return upstream;
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public void bootstrap() throws InterruptedException {
        if (postmaster.pid().isEmpty()) {
            instance.initialize(
                    ServerConnection.SUPERUSER, config.credentials().superuser().reveal());
            configure();
            setRole(Gate.CLOSED, Optional.empty());
            postmaster.start();
        }
        awaitAnswer(Postgres.PRIMARY);
        // The statements that follow hold passwords, which must not reach a log, not even when a statement fails.
        execute(
                "set log_statement = 'none'",
                "set log_min_error_statement = 'panic'",
                "set log_min_duration_statement = -1");
        provide(
                "pg_roles where rolname",
                REPLICATION_USER,
                () -> "create role " + REPLICATION_USER
                        + " login replication password "
                        + literal(config.credentials().replication().reveal()));
        provide(
                "pg_roles where rolname",
                REWIND_USER,
                () -> "create role " + REWIND_USER + " login password "
                        + literal(config.credentials().rewind().reveal()));
        // PostgreSQL documentation, "pg_rewind", section Notes.
        execute(
                "grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean) to " + REWIND_USER,
                "grant execute on function pg_catalog.pg_stat_file(text, boolean) to " + REWIND_USER,
                "grant execute on function pg_catalog.pg_read_binary_file(text) to " + REWIND_USER,
                "grant execute on function pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) to "
                        + REWIND_USER);
        provide(
                "pg_roles where rolname",
                APPLICATION,
                () -> "create role " + APPLICATION + " login password "
                        + literal(config.credentials().application().reveal()));
        provide(
                "pg_database where datname",
                APPLICATION,
                () -> "create database " + APPLICATION + " owner " + APPLICATION);
    }

    /** Creates something, unless an earlier try has. */
    private void provide(String catalog, String name, Supplier<String> statement) {
        if (ask("select count(*) from " + catalog + " = ?", name).equals("0")) {
            execute(statement.get());
        }
    }

    /** A literal of letters, digits, minus and underscore only, which is what generated secrets are made of. */
    private static String literal(String secret) {
        if (!secret.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("A password is made of letters, digits, minus and underscore.");
        }
        return "'" + secret + "'";
    }

    @Override
    public String systemIdentifier() throws InterruptedException {
        return instance.control().systemIdentifier();
    }

    @Override
    public void startStandby(Optional<String> newUpstream) throws InterruptedException {
        lastDown = null;
        // What is started may have been rewound.
        timelineSeen.set(0);
        configure();
        instance.markAsStandby();
        setRole(Gate.CLOSED, newUpstream);
        postmaster.start();
    }

    @Override
    public void follow(String newUpstream) throws InterruptedException {
        setRole(Gate.CLOSED, Optional.of(newUpstream));
        execute("select pg_reload_conf()");
    }

    @Override
    public void detach() throws InterruptedException {
        setRole(Gate.CLOSED, Optional.empty());
        execute("select pg_reload_conf()");
    }

    @Override
    public void beginPromotion() {
        if (!gate.equals(Gate.CLOSED)) {
            throw new HaException("A standby is promoted only behind a closed gate.");
        }
        execute("select pg_promote(false)");
    }

    @Override
    public int awaitPromoted(Duration limit) throws InterruptedException {
        await("PostgreSQL to leave recovery", limit, () -> {
            try {
                return ask("select pg_is_in_recovery()").equals("f");
            } catch (HaException e) {
                return false;
            }
        });
        upstream = Optional.empty();
        return sql.observe(postmaster.pid()).timeline();
    }

    @Override
    public void ensureSlots(List<String> members) throws InterruptedException {
        for (String member : members) {
            String slot = AgentConfig.slot(member);
            if (ask("select count(*) from pg_replication_slots where slot_name = ?", slot)
                    .equals("0")) {
                ask("select slot_name from pg_create_physical_replication_slot(?, true)", slot);
            }
        }
    }

    @Override
    public void apply(Gate newGate) throws InterruptedException {
        setRole(newGate, upstream);
        execute("select pg_reload_conf()");
        String wanted = newGate.synchronousStandbyNames();
        await(
                "synchronous_standby_names to become '" + wanted + "'",
                config.timings().call(),
                () -> ask("select current_setting('synchronous_standby_names')").equals(wanted));
    }

    @Override
    public Lsn mark(Gate newGate, Duration limit) throws InterruptedException {
        try (GateProbe probe = new GateProbe(config)) {
            await(
                    "a commit to wait behind the closed gate",
                    limit,
                    () -> ask(
                                    "select count(*) from pg_stat_activity where application_name = ? and wait_event = 'SyncRep'",
                                    GateProbe.NAME)
                            .equals("1"));
            Lsn mark = Lsn.parse(ask("select pg_current_wal_insert_lsn()"));
            probe.finish();
            apply(newGate);
            return mark;
        }
    }

    @Override
    public void nudge() {
        execute("select pg_logical_emit_message(true, 'pg-gauntlet', 'nudge')");
    }

    @Override
    public void checkpoint() {
        // A checkpoint may take long; the agent's other questions must not wait for it.
        try (ServerConnection own = new ServerConnection(
                config.postgresPort(),
                config.credentials().superuser(),
                "gauntlet-checkpoint",
                START_LIMIT,
                timelineSeen)) {
            own.execute("checkpoint");
        } catch (SQLException e) {
            throw new HaException("The checkpoint after the promotion failed: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean rewindReady() {
        return ask("""
                        select (select timeline_id from pg_control_checkpoint())
                             = ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
                        """).equals("t");
    }

    @Override
    public Identity identityOf(String member) {
        Endpoint endpoint = endpointOf(member);
        Properties properties = new Properties();
        properties.setProperty("user", REPLICATION_USER);
        properties.setProperty("password", config.credentials().replication().reveal());
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("preferQueryMode", "simple");
        tls().forEach(properties::setProperty);
        String seconds = Long.toString(Math.max(1, config.timings().call().toSeconds()));
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://" + endpoint + "/postgres", properties);
                Statement statement = connection.createStatement()) {
            String systemIdentifier;
            int timeline;
            try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
                row.next();
                systemIdentifier = row.getString("systemid");
                timeline = row.getInt("timeline");
            }
            if (timeline == 1) {
                return new Identity(systemIdentifier, TimelineHistory.first());
            }
            try (ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
                row.next();
                return new Identity(systemIdentifier, TimelineHistory.parse(timeline, row.getString(2)));
            }
        } catch (SQLException e) {
            throw new HaException(
                    "The timeline history of " + member + " at " + endpoint + " could not be read: " + e.getMessage(),
                    e);
        }
    }

    private Map<String, String> tls() {
        return config.credentials()
                .tls()
                .map(tls -> ClientAccess.tlsProperties(tls.authority()))
                .orElseGet(() -> Map.of("sslmode", "disable"));
    }

    /** How this member streams and is copied from another member. */
    ConnectionInfo connectionTo(String member) {
        return connection(member, REPLICATION_USER);
    }

    /** How pg_rewind on this member reaches another member. */
    ConnectionInfo rewindConnectionTo(String member) {
        return connection(member, REWIND_USER);
    }

    private ConnectionInfo connection(String member, String user) {
        Endpoint endpoint = endpointOf(member);
        Map<String, String> parameters = new HashMap<>();
        parameters.put("host", endpoint.host());
        parameters.put("port", Integer.toString(endpoint.port()));
        parameters.put("user", user);
        parameters.put("dbname", "postgres");
        parameters.put("application_name", config.member());
        parameters.put("passfile", instance.layout().passwordFile());
        parameters.put("connect_timeout", "2");
        parameters.put("keepalives_idle", "5");
        boolean tls = config.credentials().tls().isPresent();
        parameters.put("sslmode", tls ? "verify-full" : "disable");
        if (tls) {
            parameters.put("sslrootcert", instance.layout().authorityFile());
        }
        return new ConnectionInfo(parameters);
    }

    private Endpoint endpointOf(String member) {
        Endpoint endpoint = config.postgres().get(member);
        if (endpoint == null) {
            throw new IllegalArgumentException("There is no other member '" + member + "'.");
        }
        return endpoint;
    }

    /** Writes everything that PostgreSQL and its programs read besides the data. */
    void configure() throws InterruptedException {
        instance.configure(
                ServerSettings.of(config), ServerSettings.accessRules(config), ServerSettings.passwords(config));
        Optional<Tls> tls = config.credentials().tls();
        if (tls.isPresent()) {
            Tls.Identity own = Objects.requireNonNull(tls.get().members().get(config.member()));
            instance.configureTls(
                    tls.get().authority(), own.certificate(), own.key().reveal());
        }
    }

    private void setRole(Gate newGate, Optional<String> newUpstream) throws InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put("synchronous_standby_names", newGate.synchronousStandbyNames());
        settings.put(
                "primary_conninfo",
                newUpstream.map(member -> connectionTo(member).toString()).orElse(""));
        settings.put("primary_slot_name", AgentConfig.slot(config.member()));
        instance.configureRole(settings);
        gate = newGate;
        upstream = newUpstream;
    }

    @Override
    public void stop() throws InterruptedException {
        sql.close();
        postmaster.stop(config.timings().shutdown());
    }

    @Override
    public void kill() {
        postmaster.kill();
    }

    private void awaitAnswer(Postgres wanted) throws InterruptedException {
        await("PostgreSQL to take connections", START_LIMIT, () -> {
            if (postmaster.pid().isEmpty()) {
                throw new HaException("PostgreSQL ended while it was starting; its log says why.");
            }
            return sql.observe(postmaster.pid()).state() == wanted;
        });
    }

    private void execute(String... statements) {
        try {
            sql.execute(statements);
        } catch (SQLException e) {
            throw new HaException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    private String ask(String query, String... arguments) {
        try {
            return sql.ask(query, arguments);
        } catch (SQLException e) {
            throw new HaException("PostgreSQL did not answer: " + e.getMessage(), e);
        }
    }

    private static void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new HaException("Waited " + limit.toMillis() + " ms in vain for " + what + ".");
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        }
    }

    @Override
    public void close() {
        sql.close();
        postmaster.close();
    }
}
