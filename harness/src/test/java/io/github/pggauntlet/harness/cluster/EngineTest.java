package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineTest {

    @Test
    void anEngineThatDoesNotAnswerIsOneSentenceThatSaysWhatToDo() {
        Images images = new Images(Path.of("x"), Map.of("engine", "unix:///nowhere/docker.sock"));

        assertThatThrownBy(() -> Engine.connect(images, Optional.empty()))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("No container engine answers")
                .hasMessageEndingWith("run docker/prepare, or start Docker and try again.");
    }
}
