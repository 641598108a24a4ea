package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** What applications are told to connect with. */
class ClientAccessTest {

    private static final List<Endpoint> ENDPOINTS =
            List.of(new Endpoint("machine0.example", 5432), new Endpoint("2001:db8::7", 5433));
    private static final long LIMIT_SECONDS = 60;

    private final ClientAccess plain = new ClientAccess(ENDPOINTS, "shop", "app", new Secret("the-password"));
    private final ClientAccess encrypted =
            new ClientAccess(ENDPOINTS, "shop", "app", new Secret("the-password"), Optional.of("CERTIFICATE"));

    @Test
    void everyEndpointIsInTheUrlAndNothingElse() {
        assertThat(plain.jdbcUrl()).isEqualTo("jdbc:postgresql://machine0.example:5432,[2001:db8::7]:5433/shop");
    }

    @Test
    void pgjdbcKnowsEveryPropertyAndReadsTheUrl() {
        for (Properties properties : List.of(plain.properties(), plain.readProperties(), encrypted.properties())) {
            assertThat(properties.stringPropertyNames())
                    .allSatisfy(name ->
                            assertThat(PGProperty.forName(name)).as(name).isNotNull());
            assertThat(Driver.parseURL(plain.jdbcUrl(), properties)).isNotNull();
        }
    }

    @Test
    void nothingThatMayHangIsLeftToTheDefault() {
        for (Properties properties : List.of(plain.properties(), plain.readProperties())) {
            for (String bound : List.of("connectTimeout", "loginTimeout", "socketTimeout", "cancelSignalTimeout")) {
                assertThat(Integer.parseInt(properties.getProperty(bound)))
                        .as(bound)
                        .isPositive();
            }
            assertThat(properties).containsEntry("tcpKeepAlive", "true");
        }
    }

    /** All endpoints but the last may have vanished, and the last must still be tried. */
    @Test
    void anAttemptHasTimeForEveryEndpoint() {
        Properties properties = plain.properties();
        assertThat(Integer.parseInt(properties.getProperty("loginTimeout")))
                .isGreaterThan(ENDPOINTS.size() * Integer.parseInt(properties.getProperty("connectTimeout")));
    }

    @Test
    void writersLookForThePrimaryAndReadersForAStandby() {
        assertThat(plain.properties()).containsEntry("targetServerType", "primary");
        assertThat(plain.readProperties()).containsEntry("targetServerType", "preferSecondary");
    }

    @Test
    void certificatesAreCheckedWhereThereAreAny() {
        assertThat(encrypted.properties())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslfactoryarg", "CERTIFICATE");
        assertThat(plain.properties()).containsEntry("sslmode", "disable");
    }

    @Test
    void thePasswordIsNotShown() {
        assertThat(encrypted.toString()).doesNotContain("the-password");
    }

    /** As a machine does that is frozen, or a proxy before one that is gone. With pgjdbc's defaults this would last for ever. */
    @Test
    void aMachineThatTakesTheConnectionAndIsSilentIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            ClientAccess access = new ClientAccess(
                    List.of(new Endpoint("127.0.0.1", silent.getLocalPort())), "shop", "app", new Secret("x"));
            ExecutorService caller = Executors.newSingleThreadExecutor();
            try {
                Future<?> attempt =
                        caller.submit(() -> DriverManager.getConnection(access.jdbcUrl(), access.properties())
                                .isClosed());
                assertThatThrownBy(() -> attempt.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(SQLException.class);
            } finally {
                caller.shutdownNow();
            }
        }
    }
}
