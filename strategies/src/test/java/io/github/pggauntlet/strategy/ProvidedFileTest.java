package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidedFileTest {

    @TempDir
    Path here;

    private final ScriptedHost machine = new ScriptedHost();
    private List<ProvidedFile> files = List.of();

    @BeforeEach
    void write() throws IOException {
        files = List.of(file("a"), file("b"));
    }

    private ProvidedFile file(String name) throws IOException {
        return new ProvidedFile(Files.writeString(here.resolve(name), name), "/opt/x/" + name);
    }

    private List<String> put() {
        return machine.doings().stream()
                .filter(doing -> doing.startsWith("put "))
                .toList();
    }

    @Test
    void filesThatAreNotThereArePut() throws InterruptedException {
        machine.answer("test -e", 1, "", "");

        assertThat(ProvidedFile.put(files, machine)).isTrue();
        assertThat(put()).containsExactly("put /opt/x/a root 644", "put /opt/x/b root 644");
    }

    @Test
    void filesThatAreThereAreLeftAlone() throws InterruptedException {
        assertThat(ProvidedFile.put(files, machine)).isFalse();
        assertThat(put()).isEmpty();
    }

    /** Whoever put them has been interrupted. */
    @Test
    void whereOnlySomeAreThereAllArePut() throws InterruptedException {
        machine.answer("test -e /opt/x/b", 1, "", "");

        assertThat(ProvidedFile.put(files, machine)).isTrue();
        assertThat(put()).containsExactly("put /opt/x/a root 644", "put /opt/x/b root 644");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Files.delete(here.resolve("b"));
        machine.answer("test -e", 1, "", "");

        assertThatThrownBy(() -> ProvidedFile.put(files, machine))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(here.resolve("b").toString())
                .hasMessageContaining("scripted");
    }
}
