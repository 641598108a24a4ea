package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A primary and its synchronous standby as an engineer sets them up by hand: {@code docker run} twice, {@code initdb},
 * {@code pg_basebackup}, no agent, no arbiter, no proxies. Same image and same kind of volume as the harness's machines, the
 * plan's settings, and of the strategy's own settings the one that decides how soon a promotion is taken up.
 */
final class PlainPair implements AutoCloseable {

    /** The role, and the database, of applications; as the harness's. */
    private static final String APPLICATION = "app";

    private static final Duration START = Duration.ofSeconds(60);
    private static final long BETWEEN_TRIES_MILLIS = 20;
    private static final int REACH_MILLIS = 1000;
    private static final int PORT = 5432;

    /**
     * A promotion that is requested just before a standby begins its pause between two attempts to stream is taken up only
     * when the pause ends: after 5 s by default. The strategy 'streaming' sets the same value.
     */
    private static final String RETRY = "wal_retrieve_retry_interval = '200ms'\n";

    private static final String PRIMARY = """
            set -e
            cd /var/lib/gauntlet
            initdb --pgdata=data --username=postgres --auth-local=trust --auth-host=scram-sha-256 \\
                --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions >initdb.log
            printf '%s\\n' "$SETTINGS" >>data/postgresql.conf
            printf 'host replication replicator all scram-sha-256\\nhost app app all scram-sha-256\\n' >>data/pg_hba.conf
            pg_ctl --pgdata=data --log=postgres.log --silent --wait start
            psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \\
                -c "create role replicator login replication password '$PGPASSWORD'" \\
                -c "create role app login password '$PGPASSWORD'" \\
                -c "create database app owner app"
            psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=app \\
                -c "grant execute on function pg_promote to app" \\
                -c "set role app" \\
                -c "create table ledger (key bigint primary key, session int not null, content text not null)"
            """;

    private static final String STANDBY = """
            set -e
            cd /var/lib/gauntlet
            rm -rf data
            pg_basebackup --dbname="host=$1 user=replicator application_name=standby" --pgdata=data \\
                --wal-method=stream --checkpoint=fast --write-recovery-conf --create-slot --slot=standby
            pg_ctl --pgdata=data --log=postgres.log --silent --wait start
            """;

    private static final String MAKE_SYNCHRONOUS = """
            set -e
            psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \\
                -c "alter system set synchronous_standby_names = 'standby'" -c "select pg_reload_conf()" >/dev/null
            patience=1000
            until [ "$(psql --no-align --tuples-only --username=postgres --dbname=postgres \\
                -c "select count(*) from pg_stat_replication where sync_state = 'sync' and state = 'streaming'")" = 1 ]
            do
                patience=$((patience - 1))
                [ "$patience" -gt 0 ] || { echo "the standby does not stream synchronously" >&2; exit 1; }
                sleep 0.02
            done
            """;

    private static final String FIRST_WRITE = """
            psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=app \\
                -c "insert into ledger (key, session, content) values (0, 0, 'first')"
            """;

    /** Waits until all that the killed postmaster has left is gone. */
    private static final String AWAIT_END = """
            patience=1000
            while pgrep -x postgres >/dev/null; do
                patience=$((patience - 1))
                [ "$patience" -gt 0 ] || { echo "PostgreSQL does not go" >&2; exit 1; }
                sleep 0.01
            done
            """;

    private final DockerCli docker;
    private final Labels labels;
    private final String image;
    private final Map<String, String> settings;
    private final boolean published;
    private final Secret password = Secret.random();
    private final Thread atExit = new Thread(this::remove, "gauntlet-remove-plain");
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closing;

    /**
     * A pair that is not there yet.
     *
     * @param labels the labels that everything of it carries, with a run of its own
     * @param settings further PostgreSQL settings
     * @param published whether PostgreSQL's port is published, to be reached from here
     */
    PlainPair(DockerCli docker, Labels labels, String image, Map<String, String> settings, boolean published) {
        this.docker = docker;
        this.labels = labels;
        this.image = image;
        this.settings = Map.copyOf(settings);
        this.published = published;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The names of the two servers, the first primary first. */
    List<String> servers() {
        return List.of(name("primary"), name("standby"));
    }

    /** Sets everything up, to the first acknowledged write. {@code step} is told the end of each step. */
    void start(Consumer<String> step) throws InterruptedException {
        List<String> network = new ArrayList<>(List.of("network", "create"));
        network.addAll(labels.arguments());
        network.add(name("net"));
        command(Map.of(), network);
        step.accept("docker network create");
        both(servers().stream()
                .map(server -> (Callable<String>) () -> command(Map.of(), runCommand(server)))
                .toList());
        step.accept("docker run, twice at once");
        String primary = servers().get(0);
        exec(primary, PRIMARY);
        step.accept("initdb, start, roles, database, table");
        follow(servers().get(1), primary);
        step.accept("pg_basebackup, start of the standby");
        exec(primary, MAKE_SYNCHRONOUS + FIRST_WRITE);
        step.accept("synchronous, first acknowledged write");
    }

    /** Copies a server anew from another and starts it as that one's standby. */
    private void follow(String standby, String primary) throws InterruptedException {
        exec(standby, STANDBY, primary);
    }

    /** Makes a killed primary the synchronous standby of the one that was promoted. */
    void rejoin(String killed, String promoted) throws InterruptedException {
        exec(killed, AWAIT_END + STANDBY, promoted);
        exec(promoted, MAKE_SYNCHRONOUS);
    }

    /** How a client connects to either server's PostgreSQL. */
    Jdbc jdbc() {
        return new Jdbc(APPLICATION, APPLICATION, password);
    }

    /** Where a server's PostgreSQL is reached from here: at its own address, or else at its published port. */
    Endpoint endpoint(String server) throws InterruptedException {
        String address =
                docker.run("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", server);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, PORT), REACH_MILLIS);
            return new Endpoint(address, PORT);
        } catch (IOException e) {
            String binding = docker.run("port", server, Integer.toString(PORT))
                    .lines()
                    .findFirst()
                    .orElseThrow();
            return new Endpoint(engineHost(), Integer.parseInt(binding.substring(binding.lastIndexOf(':') + 1)));
        }
    }

    private static String engineHost() {
        return Optional.ofNullable(System.getenv("DOCKER_HOST"))
                .filter(host -> host.startsWith("tcp:"))
                .flatMap(host -> Optional.ofNullable(URI.create(host).getHost()))
                .orElse("localhost");
    }

    /** Prepares the killing of a server's postmaster. */
    ArmedKill armKill(String server) throws InterruptedException {
        return ArmedKill.in(docker, server);
    }

    private List<String> runCommand(String server) {
        List<String> command = new ArrayList<>(List.of(
                "run",
                "--detach",
                "--name",
                server,
                "--hostname",
                server,
                "--network",
                name("net"),
                "--shm-size",
                "256m",
                "--mount",
                "type=volume,src=" + server + ",dst=/var/lib/gauntlet" + String.join("", volumeLabels())));
        command.addAll(labels.arguments());
        if (published) {
            command.addAll(List.of("--publish", Integer.toString(PORT)));
        }
        command.add(image);
        return command;
    }

    private List<String> volumeLabels() {
        return labels.labels().entrySet().stream()
                .map(label -> ",volume-label=" + label.getKey() + "=" + label.getValue())
                .toList();
    }

    private void exec(String server, String script, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "exec",
                "--user",
                "postgres",
                "--env",
                "PGPASSWORD",
                "--env",
                "SETTINGS",
                server,
                "sh",
                "-c",
                script,
                "sh"));
        command.addAll(List.of(arguments));
        StringBuilder lines = new StringBuilder("listen_addresses = '*'\n" + RETRY);
        settings.forEach(
                (name, value) -> lines.append(name).append(" = '").append(value).append("'\n"));
        command(Map.of("PGPASSWORD", password.reveal(), "SETTINGS", lines.toString()), command);
    }

    /** Something that {@link #remove} waits for, so that nothing is made behind its back. */
    private String command(Map<String, String> secrets, List<String> arguments) throws InterruptedException {
        underWay.incrementAndGet();
        try {
            if (closing) {
                throw new InterruptedException("the servers are not wanted any more");
            }
            return docker.run(START, secrets, arguments);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static void both(List<Callable<String>> calls) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(calls.size());
        try {
            for (Future<String> call : calls.stream().map(pool::submit).toList()) {
                call.get(START.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new EnvironmentException("The plain servers could not be started: " + e.getMessage(), e);
        } finally {
            pool.shutdownNow();
        }
    }

    private String name(String part) {
        return "gauntlet-" + labels.run() + "-" + part;
    }

    /**
     * Removes everything. Tried again when it fails: the engine refuses what it is about to remove already, and another
     * process may sweep at the same time.
     */
    private synchronized void remove() {
        closing = true;
        long deadline = System.nanoTime() + START.toNanos();
        try {
            while (underWay.get() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(BETWEEN_TRIES_MILLIS);
            }
            while (!tryToRemove(System.nanoTime() > deadline)) {
                Thread.sleep(BETWEEN_TRIES_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryToRemove(boolean lastTime) throws InterruptedException {
        try {
            remove(List.of("rm", "--force", "--volumes"), "ps", "--all", "--quiet", "--filter", labels.filter());
            remove(List.of("volume", "rm", "--force"), "volume", "ls", "--quiet", "--filter", labels.filter());
            remove(List.of("network", "rm"), "network", "ls", "--quiet", "--filter", labels.filter());
            return true;
        } catch (EnvironmentException e) {
            if (lastTime) {
                throw e;
            }
            return false;
        }
    }

    private void remove(List<String> how, String... list) throws InterruptedException {
        List<String> found = Arrays.stream(docker.run(list).split("\\s+"))
                .filter(id -> !id.isBlank())
                .toList();
        if (!found.isEmpty()) {
            List<String> command = new ArrayList<>(how);
            command.addAll(found);
            docker.run(START, Map.of(), command);
        }
    }

    @Override
    public void close() {
        // An interrupted benchmark cleans up too.
        boolean interrupted = Thread.interrupted();
        try {
            remove();
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook does the same.
            interrupted |= Thread.interrupted();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
