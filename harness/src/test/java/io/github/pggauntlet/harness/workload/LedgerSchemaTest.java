package io.github.pggauntlet.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary that is busy for once is asked again; one that refuses is not. */
class LedgerSchemaTest {

    private static final Duration AMPLE = Duration.ofMinutes(1);
    private final Deque<SQLException> failures = new ArrayDeque<>();
    private final List<String> executed = new ArrayList<>();

    private Connection open() throws SQLException {
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
        Statement statement = faked(Statement.class, (proxy, method, arguments) -> {
            if (method.getName().equals("execute")) {
                executed.add((String) arguments[0]);
                return false;
            }
            return null;
        });
        return faked(
                Connection.class,
                (proxy, method, arguments) -> method.getName().equals("createStatement") ? statement : null);
    }

    private static <T> T faked(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void whoDoesNotAnswerIsAskedAgain() throws Exception {
        failures.add(new SQLException("The connection attempt failed.", "08001"));
        failures.add(new SQLException("the database system is starting up", "57P03"));
        failures.add(new SQLException("cannot execute CREATE TABLE in a read-only transaction", "25006"));

        LedgerSchema.create(WorkloadChoice.ledger(), this::open, AMPLE);

        assertThat(failures).isEmpty();
        assertThat(executed).anyMatch(sql -> sql.startsWith("CREATE TABLE IF NOT EXISTS ledger"));
    }

    @Test
    void whoRefusesIsNot() {
        failures.add(new SQLException("permission denied", "42501"));
        failures.add(new SQLException("never reached", "08001"));

        assertThatThrownBy(() -> LedgerSchema.create(WorkloadChoice.ledger(), this::open, AMPLE))
                .hasMessage("permission denied");
        assertThat(failures).hasSize(1);
    }

    @Test
    void noLongerThanItsLimit() {
        failures.add(new SQLException("The connection attempt failed.", "08001"));
        failures.add(new SQLException("still so", "08001"));

        assertThatThrownBy(() -> LedgerSchema.create(WorkloadChoice.ledger(), this::open, Duration.ofNanos(1)))
                .isInstanceOf(SQLException.class);
        assertThat(executed).isEmpty();
    }

    @Test
    void whatADriverSaysOnlyInTheCauseIsTold() {
        SQLException failure =
                new SQLException("The connection attempt failed.", "08001", new ConnectException("Connection refused"));

        assertThat(SqlText.of(failure)).isEqualTo("The connection attempt failed. Connection refused");
    }
}
