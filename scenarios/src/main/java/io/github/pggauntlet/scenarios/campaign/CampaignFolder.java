package io.github.pggauntlet.scenarios.campaign;

import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.RecordingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a campaign: one folder for each run, and the summary, which is written anew after each.
 *
 * @param path the folder
 */
public record CampaignFolder(Path path) {

    private static final String SUMMARY = "summary.json";
    private static final String FOR_PEOPLE = "summary.md";

    /** The folder of a run. */
    Path run(int number) {
        return path.resolve(name(number));
    }

    /** The folder for the search for the smallest schedule that breaks what a run broke. */
    Path minimum(int number) {
        return path.resolve(name(number) + "-minimum");
    }

    /** The name of a run's folder. */
    static String name(int number) {
        return String.format(Locale.ROOT, "run-%04d", number);
    }

    /**
     * Says whether a campaign can be run, or taken up again, there.
     *
     * @return this
     * @throws IllegalArgumentException if the folder holds another campaign
     */
    public CampaignFolder requireCampaign(List<String> command) {
        if (Files.isRegularFile(path.resolve(SUMMARY)) && !read().command().equals(command)) {
            throw new IllegalArgumentException(path + " holds another campaign: '" + String.join(" ", read().command())
                    + "'; choose another folder.");
        }
        return this;
    }

    /**
     * Writes the summary, for programs and for people.
     *
     * @throws RecordingException if it cannot be written
     */
    public void write(CampaignSummary summary) {
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        try {
            Files.createDirectories(path);
            replace(path.resolve(SUMMARY), json.writeValueAsString(summary));
            replace(path.resolve(FOR_PEOPLE), summary.markdown());
        } catch (IOException e) {
            throw new RecordingException("The summary in " + path + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    /**
     * Reads the summary.
     *
     * @throws DamagedRunException if there is none, or it is damaged
     */
    public CampaignSummary read() {
        Path file = path.resolve(SUMMARY);
        try {
            return JsonMapper.builder()
                    .disable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(Files.readAllBytes(file), CampaignSummary.class);
        } catch (IOException e) {
            throw new DamagedRunException(path + " is not the folder of a campaign: it has no " + SUMMARY + ".");
        } catch (JacksonException e) {
            throw new DamagedRunException(file + " is not the summary of a campaign: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ".");
        }
    }

    /** A file is there whole or not at all, also when the process is killed. */
    private static void replace(Path file, String content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.writeString(draft, content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
