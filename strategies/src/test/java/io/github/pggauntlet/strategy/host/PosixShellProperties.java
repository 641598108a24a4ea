package io.github.pggauntlet.strategy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A real shell reads back what has been quoted, whatever it is. */
class PosixShellProperties {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private final Host host = new LocalHost("here", "localhost");

    @Property(tries = 200)
    void aShellReadsBackEveryWord(@ForAll("words") List<String> words) throws InterruptedException {
        String line = "for word in " + PosixShell.line(words) + "; do printf '%s\\036' \"$word\"; done";

        String read = host.run(Command.of(LIMIT, "sh", "-c", line)).orFail().output();
        assertThat(read).isEqualTo(String.join("\036", words) + "\036");
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.strings()
                .withChars("'\"\\$`!*?[]{}()<>|&;#~=% \t\n-aZ0é€")
                .ofMaxLength(12)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Example
    void noWordHoldsANul() {
        assertThatThrownBy(() -> PosixShell.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
