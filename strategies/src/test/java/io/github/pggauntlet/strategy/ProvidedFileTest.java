package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidedFileTest {

    @TempDir
    Path here;

    private final Machine machine = new Machine();
    private List<ProvidedFile> files = List.of();

    @BeforeEach
    void write() throws IOException {
        files = List.of(file("a"), file("b"));
    }

    private ProvidedFile file(String name) throws IOException {
        return new ProvidedFile(Files.writeString(here.resolve(name), name), "/opt/x/" + name);
    }

    @Test
    void filesThatAreNotThereArePut() throws InterruptedException {
        assertThat(ProvidedFile.put(files, machine)).isTrue();
        assertThat(machine.there).containsExactly("/opt/x/a", "/opt/x/b");
    }

    @Test
    void filesThatAreThereAreLeftAlone() throws InterruptedException {
        machine.there.addAll(List.of("/opt/x/a", "/opt/x/b"));

        assertThat(ProvidedFile.put(files, machine)).isFalse();
        assertThat(machine.there).hasSize(2);
    }

    /** Whoever put them has been interrupted. */
    @Test
    void whereOnlySomeAreThereAllArePut() throws InterruptedException {
        machine.there.add("/opt/x/a");

        assertThat(ProvidedFile.put(files, machine)).isTrue();
        assertThat(machine.there).containsExactly("/opt/x/a", "/opt/x/a", "/opt/x/b");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Files.delete(here.resolve("b"));

        assertThatThrownBy(() -> ProvidedFile.put(files, machine))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(here.resolve("b").toString())
                .hasMessageContaining("db1");
    }

    /** Knows what is there. */
    private static final class Machine implements Host {

        private final List<String> there = new ArrayList<>();

        @Override
        public String name() {
            return "db1";
        }

        @Override
        public String address() {
            return "192.0.2.1";
        }

        @Override
        public CommandResult run(Command command) {
            List<String> words = command.arguments();
            boolean fine = !words.get(0).equals("test") || there.contains(words.get(words.size() - 1));
            return new CommandResult(command, fine ? 0 : 1, "", "");
        }

        @Override
        public void put(String path, byte[] content, String owner, int mode) {
            there.add(path);
        }

        @Override
        public byte[] get(String path) {
            throw new UnsupportedOperationException();
        }
    }
}
