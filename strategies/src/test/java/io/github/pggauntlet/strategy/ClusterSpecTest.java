package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSpecTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "1a", "a_b", "a b", "a/b", "-a", "a'b", "a\n"})
    void namesThatWouldNotSurviveAFileAndASettingAreRefused(String name) {
        assertThatThrownBy(() -> spec(name, List.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cluster's name");
        assertThatThrownBy(() -> spec("shop", List.of("a", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("member's name");
    }

    @Test
    void twoMembersOfOneNameAreRefused() {
        assertThatThrownBy(() -> spec("shop", List.of("a", "b", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same name");
    }

    @Test
    void durabilityModesAreFoundByName() {
        for (Durability mode : Durability.values()) {
            assertThat(Durability.of(mode.id())).isEqualTo(mode);
        }
        assertThatThrownBy(() -> Durability.of("fast"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'fast'")
                .hasMessageContaining("async, sync");
    }

    @Test
    void leasesThatCannotBeKeptAreRefused() {
        assertThat(Timings.production().lease()).isGreaterThan(Timings.quick().lease());
        for (Duration lease : List.of(Duration.ofSeconds(1), Duration.ofMillis(2500))) {
            assertThatThrownBy(() -> timings(lease, Duration.ofMillis(500)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("lease");
        }
        for (Duration margin : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(1501))) {
            assertThatThrownBy(() -> timings(Duration.ofSeconds(3), margin))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("margin");
        }
    }

    /** An address of IPv6 is written in brackets wherever a port follows it: in a URL, and for pgjdbc. */
    @Test
    void endpointsAreWrittenAsUrlsWantThem() {
        assertThat(new Endpoint("db.example", 5432)).hasToString("db.example:5432");
        assertThat(new Endpoint("fd00::1", 5432)).hasToString("[fd00::1]:5432");
        assertThatThrownBy(() -> new Endpoint("db", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Endpoint("db", 65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Endpoint(" ", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientsGetAllEndpointsInOneUrl() {
        ClientAccess access = new ClientAccess(
                List.of(new Endpoint("a", 1), new Endpoint("fd00::1", 2)), "app", "app", new Secret("x"));

        assertThat(access.jdbcUrl()).isEqualTo("jdbc:postgresql://a:1,[fd00::1]:2/app");
    }

    @Test
    void aRouteThatIsMissingIsNamed() {
        Routes routes = Routes.none().with("a", "b", Service.AGENT, new Endpoint("h", 1));

        assertThat(routes.route("a", "b", Service.AGENT)).isEqualTo(new Endpoint("h", 1));
        assertThatThrownBy(() -> routes.route("b", "a", Service.AGENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b->a/agent");
    }

    private static Timings timings(Duration lease, Duration margin) {
        Timings quick = Timings.quick();
        return new Timings(lease, margin, quick.tick(), quick.call(), quick.shutdown(), quick.maximumLag());
    }

    private static ClusterSpec spec(String name, List<String> members) {
        return new ClusterSpec(
                name, members, Durability.SYNC, Routes.none(), Timings.quick(), Credentials.random(), Map.of());
    }
}
