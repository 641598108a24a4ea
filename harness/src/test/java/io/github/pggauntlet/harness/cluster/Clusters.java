package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;

/** What tests do to a machine that is otherwise a strategy's business. */
public final class Clusters {

    public static final int POSTGRES = 17;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Where the data directory lies. */
    public static final String DATA = "/var/lib/gauntlet/data";

    private Clusters() {}

    /** Makes a data directory. */
    public static void initdb(Host host) throws InterruptedException {
        asPostgres(host, "initdb", "-D", DATA, "-A", "trust", "--data-checksums", "--no-sync", "--no-instructions");
        asPostgres(host, "mkdir", DATA + "/log");
    }

    /** Starts PostgreSQL, listening to everybody. */
    public static void startPostgres(Host host) throws InterruptedException {
        asPostgres(
                host,
                "pg_ctl",
                "-D",
                DATA,
                "-w",
                "-l",
                DATA + "/log/postgres.log",
                "-o",
                "-c listen_addresses=*",
                "start");
    }

    /** The process id of the postmaster. */
    public static long postmaster(Host host) throws InterruptedException {
        String pidFile = host.run(Command.of(LIMIT, "head", "-n", "1", DATA + "/postmaster.pid"))
                .orFail()
                .output();
        return Long.parseLong(pidFile.strip());
    }

    /** Lets everybody in, from everywhere, also for replication. */
    public static void openToAll(Host host) throws InterruptedException {
        host.run(Command.of(
                        LIMIT,
                        "sh",
                        "-c",
                        "printf 'host all all all trust\nhost replication all all trust\n' >>\"$1/pg_hba.conf\"",
                        "open",
                        DATA))
                .orFail();
    }

    /** Copies the server of another machine, to be its standby by the direct way. */
    public static void copy(Host host, String from) throws InterruptedException {
        asPostgres(host, "pg_basebackup", "-h", from, "-U", "postgres", "-D", DATA, "-R", "-c", "fast", "--no-sync");
    }

    /** Stops PostgreSQL in whatever state it is and starts it. */
    public static void restartPostgres(Host host) throws InterruptedException {
        host.run(Command.of(LIMIT, "runuser", "-u", "postgres", "--", "pg_ctl", "-D", DATA, "-m", "immediate", "stop"));
        startPostgres(host);
    }

    /** What a statement gives on the machine itself. */
    public static String sql(Host host, String statement) throws InterruptedException {
        return trySql(host, statement).orFail().output();
    }

    /** The same, if it may fail. */
    public static CommandResult trySql(Host host, String statement) throws InterruptedException {
        return host.run(
                Command.of(LIMIT, "runuser", "-u", "postgres", "--", "psql", "-X", "-A", "-t", "-c", statement));
    }

    /** Installs and starts a service that does nothing. */
    public static void enableIdleService(Host host, String name) throws InterruptedException {
        host.run(Command.of(LIMIT, "mkdir", "-p", "/etc/service/" + name)).orFail();
        byte[] run = "#!/bin/sh\nexec sleep infinity\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        host.put("/etc/service/" + name + "/run", run, "root", 0755);
        host.run(Command.of(LIMIT, "service-enable", name)).orFail();
    }

    private static void asPostgres(Host host, String... command) throws InterruptedException {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"runuser", "-u", "postgres", "--"}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        host.run(Command.of(LIMIT, whole)).orFail();
    }
}
