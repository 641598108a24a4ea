package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.workload.LedgerSchema;
import io.github.pggauntlet.harness.workload.SqlText;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The workload's tables on a cluster. */
final class Tables {

    private final HaCluster cluster;
    private final DirectSql sql;
    private final Routes routes;
    private final Duration limit;

    /** @param limit how long a primary may take to be there, and then to make them */
    Tables(HaCluster cluster, DirectSql sql, Routes routes, Duration limit) {
        this.cluster = cluster;
        this.sql = sql;
        this.routes = routes;
        this.limit = limit;
    }

    /**
     * Makes the workload's tables. Since the cluster was seen to be whole a member may have answered late, or the primary may
     * have changed; so a primary is awaited here, as everywhere else, and asked again if it does not answer.
     *
     * @throws EnvironmentException if it cannot be done: then there is nothing to put to the test
     */
    void create(WorkloadChoice choice) throws InterruptedException {
        try {
            LedgerSchema.create(choice, this::primary, limit);
        } catch (StoryStuck e) {
            throw new EnvironmentException("The cluster lost its primary before the load began. " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new EnvironmentException("The workload's tables could not be made: " + SqlText.of(e), e);
        }
    }

    /**
     * Makes them anew, empty.
     *
     * @throws SQLException if the primary refuses
     * @throws StoryStuck if there is no primary
     */
    void renew(WorkloadChoice choice) throws SQLException, InterruptedException {
        try (Connection connection = primary()) {
            LedgerSchema.renew(choice, connection);
        }
    }

    private Connection primary() throws SQLException, InterruptedException {
        NodeStatus primary = LiveStage.await(cluster, "a primary for the workload's tables", limit, Health::primary);
        return sql.connect(routes.route(Routes.OPERATOR, primary.member(), Service.POSTGRES));
    }
}
