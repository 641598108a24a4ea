package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretsTest {

    private static final String HUSH = "hush-hush";

    @Test
    void nothingThatHoldsASecretShowsIt() {
        Secret secret = new Secret(HUSH);
        Credentials credentials = new Credentials(
                secret,
                secret,
                secret,
                secret,
                secret,
                Optional.of(new Tls("authority", Map.of("machine0", new Tls.Identity("certificate", secret)))));
        ClusterSpec spec = new ClusterSpec(
                "shop",
                List.of("machine0", "machine1"),
                Durability.SYNC,
                Routes.none(),
                Timings.quick(),
                credentials,
                Map.of());
        ClientAccess access = new ClientAccess(List.of(new Endpoint("db", 5432)), "app", "app", secret);

        assertThat(secret.reveal()).isEqualTo(HUSH);
        for (Object holder : List.of(secret, credentials, spec, access)) {
            assertThat(holder.toString()).doesNotContain(HUSH);
        }
        assertThat(access.jdbcUrl()).doesNotContain(HUSH);
        assertThat(spec.toString()).contains("shop");
    }

    @Test
    void randomSecretsDifferAndAreMadeOfHarmlessLetters() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Credentials one = Credentials.random();
            for (Secret secret :
                    List.of(one.superuser(), one.replication(), one.rewind(), one.application(), one.agent())) {
                assertThat(secret.reveal()).matches("[A-Za-z0-9_-]{32}");
                assertThat(seen.add(secret.reveal())).isTrue();
            }
        }
    }

    @Test
    void anEmptySecretIsRefused() {
        assertThatThrownBy(() -> new Secret("")).isInstanceOf(IllegalArgumentException.class);
    }
}
