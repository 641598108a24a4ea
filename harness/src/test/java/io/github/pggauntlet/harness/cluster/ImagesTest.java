package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {

    @TempDir
    Path directory;

    private Path write(String place, String content) throws IOException {
        Path file = directory.resolve(place);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void thePropertyGoesBeforeTheVariableAndBothBeforeTheUsualPlace() throws IOException {
        Path usual = write("docker/.prepared/images.properties", "etcd=usual\n");
        String property = write("one.properties", "etcd=property\n").toString();
        String variable = write("two.properties", "etcd=variable\n").toString();
        Path deep = Files.createDirectories(directory.resolve("a/b"));

        assertThat(Images.find(Optional.of(property), Optional.of(variable), deep)
                        .etcd())
                .isEqualTo("property");
        assertThat(Images.find(Optional.empty(), Optional.of(variable), deep).etcd())
                .isEqualTo("variable");
        Images found = Images.find(Optional.empty(), Optional.empty(), deep);
        assertThat(found.etcd()).isEqualTo("usual");
        assertThat(found.source()).isEqualTo(usual);
    }

    @Test
    void sayWhatToDoWhenNothingWasPrepared() {
        assertThatThrownBy(() -> Images.find(Optional.empty(), Optional.empty(), directory))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("run docker/prepare");
        assertThatThrownBy(() -> Images.read(directory.resolve("missing.properties")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("missing.properties")
                .hasMessageContaining("run docker/prepare");
    }

    @Test
    void sayWhichImageIsMissing() throws IOException {
        Images images = Images.read(write("images.properties", "node.17=gauntlet/node:x\nryuk=\n"));

        assertThat(images.node(17)).isEqualTo("gauntlet/node:x");
        assertThat(images.ryuk()).isEmpty();
        assertThatThrownBy(() -> images.node(15))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("docker/prepare --postgres 15");
        assertThatThrownBy(images::toxiproxy)
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("toxiproxy");
    }
}
