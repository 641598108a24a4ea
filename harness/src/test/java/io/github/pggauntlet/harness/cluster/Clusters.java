package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;

/** What tests do to a machine that is otherwise a strategy's business. */
public final class Clusters {

    public static final int POSTGRES = 17;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String DATA = "/var/lib/gauntlet/data";

    private Clusters() {}

    /** Makes a data directory. */
    public static void initdb(Host host) throws InterruptedException {
        asPostgres(host, "initdb", "-D", DATA, "-A", "trust", "--no-sync", "--no-instructions");
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

    private static void asPostgres(Host host, String... command) throws InterruptedException {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"runuser", "-u", "postgres", "--"}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        host.run(Command.of(LIMIT, whole)).orFail();
    }
}
