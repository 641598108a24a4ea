package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnerTest {

    private final Owner self = Owner.self();

    @Test
    void thisProcessLivesAndOwnsNothingThatMayBeSwept() {
        assertThat(self.alive()).isTrue();
        assertThat(Sweep.isOrphan(new Ownership("run", self), self)).isFalse();
    }

    @Test
    void survivesTheWayThroughLabels() {
        Ownership ownership = new Ownership("run", self);

        assertThat(Ownership.of(ownership.labels())).contains(ownership);
    }

    @Test
    void anEarlierProcessWithTheSameIdIsDead() {
        Owner earlier = new Owner(self.host(), self.pid(), self.started() - 10, self.realm());

        assertThat(earlier.alive()).isFalse();
        assertThat(Sweep.isOrphan(new Ownership("run", earlier), self)).isTrue();
    }

    @Test
    void whatCannotBeSeenFromHereIsNeverAnOrphan() {
        Owner elsewhere = new Owner("another-host", Long.MAX_VALUE, 1, self.realm());
        Owner anotherBoot = new Owner(self.host(), Long.MAX_VALUE, 1, "another boot");

        assertThat(elsewhere.alive()).isFalse();
        assertThat(Sweep.isOrphan(new Ownership("run", elsewhere), self)).isFalse();
        assertThat(Sweep.isOrphan(new Ownership("run", anotherBoot), self)).isFalse();
    }

    @Test
    void labelsThatAreNotWholeBelongToNobody() {
        Map<String, String> labels = new Ownership("run", self).labels();

        for (String missing : labels.keySet()) {
            Map<String, String> rest = new HashMap<>(labels);
            rest.remove(missing);
            assertThat(Ownership.of(rest)).as("without %s", missing).isEmpty();
        }
        Map<String, String> damaged = new HashMap<>(labels);
        damaged.put(Ownership.OWNER, "nonsense");
        assertThat(Ownership.of(damaged)).isEmpty();
        damaged.put(Ownership.OWNER, "host:99999999999999999999:1");
        assertThat(Ownership.of(damaged)).isEmpty();
    }
}
