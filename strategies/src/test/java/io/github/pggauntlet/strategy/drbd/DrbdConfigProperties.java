package io.github.pggauntlet.strategy.drbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Peer;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Protocol;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.NoPrimary;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.OnePrimary;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.TwoPrimaries;
import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DrbdConfigProperties {

    private static final Peer HERE = new Peer("machine0", "10.0.0.1", 7789);
    private static final Peer THERE = new Peer("machine1", "10.0.0.2", 7790);

    @Provide
    Arbitrary<DrbdTimeouts> timeouts() {
        return Combinators.combine(
                        Arbitraries.integers().between(2, 120),
                        Arbitraries.integers().between(1, 300),
                        Arbitraries.integers().between(1, 19),
                        Arbitraries.integers().between(2, 120))
                .as((ping, answer, timeout, connect) -> new DrbdTimeouts(
                        Duration.ofSeconds(ping),
                        Duration.ofMillis(100L * answer),
                        Duration.ofMillis(100L * timeout),
                        Duration.ofSeconds(connect)));
    }

    @Provide
    Arbitrary<SplitBrainPolicies> policies() {
        return Combinators.combine(
                        Arbitraries.of(NoPrimary.class),
                        Arbitraries.of(OnePrimary.class),
                        Arbitraries.of(TwoPrimaries.class))
                .as(SplitBrainPolicies::new);
    }

    @Provide
    Arbitrary<Peer> peers() {
        return Combinators.combine(
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .ofMinLength(1)
                                .ofMaxLength(10),
                        Arbitraries.integers().between(1, 254),
                        Arbitraries.integers().between(1, 65_535))
                .as((name, last, port) -> new Peer(name, "10.1.2." + last, port));
    }

    @Property(tries = 300)
    void whatIsWrittenIsRead(
            @ForAll Protocol protocol,
            @ForAll Fencing fencing,
            @ForAll("policies") SplitBrainPolicies policies,
            @ForAll("timeouts") DrbdTimeouts timeouts,
            @ForAll("peers") Peer here,
            @ForAll("peers") Peer there) {
        net.jqwik.api.Assume.that(!here.machine().equals(there.machine()));
        net.jqwik.api.Assume.that(!here.address().equals(there.address()));
        DrbdConfig config = new DrbdConfig(
                "pgdata",
                3,
                "/dev/vdc",
                protocol,
                fencing,
                fencing == Fencing.DONT_CARE ? Optional.empty() : Optional.of("/usr/local/lib/fence-peer"),
                policies,
                timeouts,
                here,
                there);

        assertThat(DrbdConfig.parse(config.render(), here.machine())).isEqualTo(config);
    }

    /** The file for the other machine differs in nothing but who is where. */
    @Example
    void theFileSaysWhatPeopleAreBittenBy() {
        String file = config(Fencing.DONT_CARE, Optional.empty()).render();

        assertThat(file).contains("fencing dont-care;", "protocol C;", "allow-two-primaries no;");
        assertThat(file).doesNotContain("fence-peer");
    }

    @Example
    void fencingAndItsHandlerGoTogether() {
        assertThatThrownBy(() -> config(Fencing.RESOURCE_AND_STONITH, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resource-and-stonith takes a handler");
        assertThatThrownBy(() -> config(Fencing.DONT_CARE, Optional.of("/fence")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("never be called");
    }

    @Example
    void whatCouldBreakOutOfTheFileIsRefused() {
        assertThatThrownBy(() -> new Peer("machine0 {", "10.0.0.1", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Peer("machine0", "10.0.0.1; x", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config(Fencing.RESOURCE_ONLY, Optional.of("/fence\"; on-io-error \"")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void aTimeoutIsShorterThanTheIntervals() {
        assertThatThrownBy(() -> new DrbdTimeouts(
                        Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofSeconds(10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shorter");
        assertThat(DrbdTimeouts.standard().detection()).isEqualTo(Duration.ofMillis(10_500));
    }

    /** Whoever lets DRBD decide by itself has to know that it may throw writes away. */
    @Example
    void onlyKeepingAllAndDiscardingNothingKeepsAll() {
        assertThat(SplitBrainPolicies.keepAll().mayDiscard()).isFalse();
        assertThat(new SplitBrainPolicies(NoPrimary.DISCARD_ZERO_CHANGES, OnePrimary.CONSENSUS, TwoPrimaries.DISCONNECT)
                        .mayDiscard())
                .isFalse();
        assertThat(new SplitBrainPolicies(
                                NoPrimary.DISCARD_LEAST_CHANGES, OnePrimary.DISCONNECT, TwoPrimaries.DISCONNECT)
                        .mayDiscard())
                .isTrue();
        assertThat(new SplitBrainPolicies(NoPrimary.DISCONNECT, OnePrimary.DISCARD_SECONDARY, TwoPrimaries.DISCONNECT)
                        .mayDiscard())
                .isTrue();
    }

    @Example
    void aFileThatIsNoneIsRefusedWithAReason() {
        assertThatThrownBy(() -> DrbdConfig.parse("", "machine0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begins with");
        String file = config(Fencing.DONT_CARE, Optional.empty()).render();
        assertThatThrownBy(() -> DrbdConfig.parse(file, "machine7")).hasMessageContaining("machine7");
        assertThatThrownBy(() -> DrbdConfig.parse(file.replace("protocol C", "protocol D"), "machine0"))
                .hasMessageContaining("A, B, C");
    }

    private static DrbdConfig config(Fencing fencing, Optional<String> handler) {
        return new DrbdConfig(
                "pgdata",
                0,
                "/dev/vdc",
                Protocol.C,
                fencing,
                handler,
                SplitBrainPolicies.keepAll(),
                DrbdTimeouts.standard(),
                HERE,
                THERE);
    }
}
