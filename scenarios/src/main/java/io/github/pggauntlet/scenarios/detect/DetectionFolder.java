package io.github.pggauntlet.scenarios.detect;

import io.github.pggauntlet.harness.history.RecordingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a detection: one folder for each run, and what has been seen so far, for programs and for people.
 *
 * @param path the folder
 */
public record DetectionFolder(Path path) {

    private static final String DATA = "detection.json";
    private static final String FOR_PEOPLE = "detection.md";

    /**
     * What has been seen so far; nothing if the folder is new.
     *
     * @throws IllegalArgumentException if the folder holds something else
     */
    public Detection read() {
        Path file = path.resolve(DATA);
        if (!Files.isRegularFile(file)) {
            return Detection.none();
        }
        try {
            return JsonMapper.builder().build().readValue(Files.readAllBytes(file), Detection.class);
        } catch (IOException | JacksonException e) {
            throw new IllegalArgumentException(
                    file + " is not what an earlier detection has left; choose another folder.", e);
        }
    }

    /**
     * Writes what has been seen.
     *
     * @throws RecordingException if it cannot be written
     */
    public void write(Detection detection) {
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        try {
            Files.createDirectories(path);
            replace(path.resolve(DATA), json.writeValueAsString(detection));
            replace(path.resolve(FOR_PEOPLE), detection.markdown());
        } catch (IOException e) {
            throw new RecordingException(
                    "What was found cannot be written to " + path + ": " + e.getMessage() + ".", e);
        }
    }

    private static void replace(Path file, String content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.writeString(draft, content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
