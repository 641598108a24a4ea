package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a container has said, for messages. */
final class ContainerOutput {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int LINES = 4;

    private final Engine engine;

    ContainerOutput(Engine engine) {
        this.engine = engine;
    }

    /** The last lines, on one; a word that there are none where there are none. */
    String last(ContainerHost container) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ResultCallback.Adapter<Frame> frames = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Frame frame) {
                synchronized (bytes) {
                    bytes.writeBytes(frame.getPayload());
                }
            }
        }) {
            engine.docker()
                    .logContainerCmd(container.containerId())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(LINES)
                    .exec(frames);
            frames.awaitCompletion(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (DockerException | IOException e) {
            return "(its output could not be read: " + e.getMessage() + ")";
        }
        String said;
        synchronized (bytes) {
            said = bytes.toString(StandardCharsets.UTF_8);
        }
        List<String> lines =
                said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.isEmpty() ? "nothing." : lines.stream().collect(Collectors.joining(" | "));
    }
}
