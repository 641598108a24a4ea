package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.PostgresInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL of this machine: a child process, its data directory, and a connection to it. It is long because it is all that
 * the port {@link Server} asks for, and its steps share what is known of the process, the gate and the member it follows.
 */
final class LocalServer implements Server, AutoCloseable {

    /** The role that standbys stream and are copied with. */
    static final String REPLICATION_USER = "gauntlet_replication";

    /** The role that pg_rewind reads the primary's files with; it may do nothing else. */
    static final String REWIND_USER = "gauntlet_rewind";

    /** The role, and the database, that are made for applications. */
    static final String APPLICATION = "app";

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(3);
    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);

    private final AgentConfig config;
    private final PostgresInstance instance;
    private final Postmaster postmaster;
    private final Ends ends;
    private final Neighbours neighbours;
    private final ServerConnection sql;

    private final AtomicInteger timelineSeen = new AtomicInteger();
    private volatile Gate gate = Gate.CLOSED;

    /** Whether the data here are known to be what the cluster's record speaks of. */
    private boolean onRecord;

    private volatile Optional<String> upstream = Optional.empty();
    private volatile @Nullable Postgres lastDown;
    private volatile @Nullable Long frozenSince;

    LocalServer(AgentConfig config, PostgresInstance instance, Postmaster postmaster, Ends ends) {
        this.config = config;
        this.ends = ends;
        this.neighbours = new Neighbours(config, instance.layout());
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
        if (pid.isPresent() && unsound()) {
            postmaster.kill();
            pid = OptionalLong.empty();
        }
        if (pid.isPresent()) {
            ServerView view = sql.observe(pid);
            // What was a primary cannot become anything else before it ends; the control file need not be asked then.
            lastDown = view.state() == Postgres.PRIMARY ? Postgres.DOWN_PRIMARY : null;
            return view;
        }
        Postgres down = lastDown;
        if (down == null) {
            down = whatIsDown();
            lastDown = down;
        }
        return ServerView.without(down, pid);
    }

    /** What cannot be started is in no better position than a primary that has failed: others go first. */
    private Postgres whatIsDown() throws InterruptedException {
        if (!instance.exists()) {
            return Postgres.ABSENT;
        }
        Optional<String> unfit = unfit();
        if (unfit.isPresent()) {
            LOG.warn("The data directory cannot be used: {}", unfit.get());
            return Postgres.DOWN_PRIMARY;
        }
        return instance.control().state().standby() ? Postgres.DOWN_STANDBY : Postgres.DOWN_PRIMARY;
    }

    private Optional<String> unfit() throws InterruptedException {
        return instance.rewindInterrupted() ? Optional.of("pg_rewind has left it half done") : instance.damage();
    }

    /**
     * Whether PostgreSQL runs on something that no server should run on: its data are gone, and what it acknowledges is kept
     * nowhere; or its postmaster has been frozen for as long as a lease lasts, and nobody new gets in.
     */
    private boolean unsound() {
        if (!Files.exists(Path.of(instance.layout().data(), "global", "pg_control"))) {
            LOG.error(
                    "The data directory {} is gone under the running PostgreSQL, which is killed.",
                    instance.layout().data());
            return true;
        }
        if (!postmaster.frozen()) {
            frozenSince = null;
            return false;
        }
        long now = System.nanoTime();
        Long since = frozenSince;
        if (since == null) {
            frozenSince = now;
            return false;
        }
        boolean tooLong = now - since > config.timings().lease().toNanos();
        if (tooLong) {
            LOG.error("The postmaster has been frozen for longer than a lease and is killed.");
            frozenSince = null;
        }
        return tooLong;
    }

    /**
     * Ends the sessions of clients, except those whose commit waits for a standby: ending that wait would show to others what
     * no standby is known to have.
     */
    void turnClientsAway() {
        try (ServerConnection own = new ServerConnection(
                config.postgresPort(),
                config.credentials().superuser(),
                "gauntlet-fence",
                config.timings().call(),
                timelineSeen)) {
            own.ask("""
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                     where backend_type = 'client backend' and usename is distinct from ?
                       and wait_event is distinct from 'SyncRep'
                    """, ServerConnection.SUPERUSER);
        } catch (SQLException e) {
            throw new HaException("Clients could not be turned away: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean running() {
        return postmaster.pid().isPresent();
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
            lastDown = null;
            onRecord = false;
            instance.initialize(
                    ServerConnection.SUPERUSER, config.credentials().superuser().reveal());
            configure();
            setRole(Gate.CLOSED, Optional.empty());
            launch();
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
                        + REWIND_USER,
                // So that a member that returns can tell whether what it needs is still there.
                "grant execute on function pg_catalog.pg_ls_waldir() to " + REPLICATION_USER);
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
    public boolean unrecorded() throws InterruptedException {
        return instance.unrecorded();
    }

    @Override
    public String systemIdentifier() throws InterruptedException {
        return instance.control().systemIdentifier();
    }

    @Override
    public void startStandby(Optional<String> newUpstream) throws InterruptedException {
        Optional<String> unfit = unfit();
        if (unfit.isPresent()) {
            throw new HaException("PostgreSQL is not started on this data directory: " + unfit.get()
                    + ". Once there is a primary it is copied from there.");
        }
        if (newUpstream.isEmpty() && ends.count() > 1 && ends.sinceLast().compareTo(BETWEEN_TRIALS) < 0) {
            throw new HaException("PostgreSQL has ended by itself " + ends.count()
                    + " times lately; its log says why. It is started again in a while.");
        }
        start(newUpstream);
    }

    /** Starts what a rejoin has made fit to follow, although it is not known to be whole until it streams. */
    void startRejoined(String newUpstream) throws InterruptedException {
        start(Optional.of(newUpstream));
    }

    private void start(Optional<String> newUpstream) throws InterruptedException {
        lastDown = null;
        // What is started may have been rewound.
        timelineSeen.set(0);
        configure();
        instance.markAsStandby();
        setRole(Gate.CLOSED, newUpstream);
        launch();
    }

    @Override
    public void restartPrimary() throws InterruptedException {
        Optional<String> unfit = unfit();
        if (unfit.isPresent()) {
            throw new HaException("PostgreSQL is not restarted on this data directory: " + unfit.get() + ".");
        }
        lastDown = null;
        configure();
        setRole(gate, Optional.empty());
        launch();
    }

    private void launch() throws InterruptedException {
        ends.started();
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
        // Where commits wait for standbys anyway, a waiting one shows nothing: no standby may count any more either.
        try (GateProbe probe = new GateProbe(config)) {
            await(
                    "a commit to wait behind the closed gate",
                    limit,
                    () -> ask("""
                                    select (select count(*) from pg_stat_activity
                                             where application_name = ? and wait_event = 'SyncRep') = 1
                                       and not exists (select from pg_stat_replication where sync_priority > 0)
                                    """, GateProbe.NAME).equals("t"));
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
                newUpstream
                        .map(member -> neighbours.replication(member).toString())
                        .orElse(""));
        settings.put("primary_slot_name", AgentConfig.slot(config.member()));
        if (!newGate.equals(Gate.CLOSED) && !onRecord) {
            instance.recorded();
            onRecord = true;
        }
        instance.configureRole(settings);
        gate = newGate;
        upstream = newUpstream;
    }

    @Override
    public void stop() throws InterruptedException {
        sql.close();
        ends.expect();
        postmaster.stop(config.timings().shutdown());
    }

    @Override
    public void kill() {
        ends.expect();
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
