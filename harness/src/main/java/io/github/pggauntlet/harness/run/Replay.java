package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.sql.SQLException;
import java.time.Duration;

/** Waits for standbys to show what their primary has. */
final class Replay {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final DirectSql sql;
    private final Routes routes;

    Replay(DirectSql sql, Routes routes) {
        this.sql = sql;
        this.routes = routes;
    }

    /**
     * Waits until a standby shows what the primary had at the time of the call.
     *
     * @throws StoryStuck if it does not in time
     * @throws SQLException if one of them does not answer
     */
    void await(String standby, String primary) throws SQLException, InterruptedException {
        Lsn wanted = Lsn.parse(sql.ask(endpoint(primary), "select pg_current_wal_insert_lsn()"));
        long begin = System.nanoTime();
        while (Lsn.parse(sql.ask(endpoint(standby), "select coalesce(pg_last_wal_replay_lsn(), '0/0')"))
                        .compareTo(wanted)
                < 0) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new StoryStuck(standby + " has not replayed what " + primary + " had at " + wanted + " within "
                        + LIMIT.toSeconds() + " s.");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private Endpoint endpoint(String member) {
        return routes.route(Routes.OPERATOR, member, Service.POSTGRES);
    }
}
