package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidedFilesTest {

    @TempDir
    Path directory;

    @Test
    void theDirectoryIsTheDeepestThatHoldsAllTargets() {
        assertThat(ProvidedFiles.commonDirectory(List.of("/opt/gauntlet/lib/a.jar")))
                .isEqualTo("/opt/gauntlet/lib");
        assertThat(ProvidedFiles.commonDirectory(List.of("/opt/gauntlet/lib/a.jar", "/opt/gauntlet/lib2/b.jar")))
                .isEqualTo("/opt/gauntlet");
        assertThat(ProvidedFiles.commonDirectory(List.of("/opt/gauntlet/a.jar", "/opt/gauntlet/lib/b.jar")))
                .isEqualTo("/opt/gauntlet");
    }

    @Test
    void aVolumeIsNeverMountedOverAMachinesOwnDirectory() {
        for (List<String> targets : List.of(List.of("/opt/a", "/usr/b"), List.of("/a"), List.of("/opt/a", "/opt/b"))) {
            assertThatThrownBy(() -> ProvidedFiles.commonDirectory(targets))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("directory of their own");
        }
    }

    @Test
    void theVolumesNameDependsOnTheTargetsAndNotOnTheirOrder() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "content");
        ProvidedFile one = new ProvidedFile(file, "/opt/gauntlet/1-abc");
        ProvidedFile other = new ProvidedFile(file, "/opt/gauntlet/2-abc");
        ProvidedFile changed = new ProvidedFile(file, "/opt/gauntlet/2-def");

        String volume = volume(List.of(one, other));
        assertThat(volume(List.of(other, one))).isEqualTo(volume);
        assertThat(volume(List.of(one, changed))).isNotEqualTo(volume);
    }

    private static String volume(List<ProvidedFile> files) {
        return ProvidedFiles.of(files, List.of(), "").orElseThrow().volume();
    }

    @Test
    void noFilesNoVolume() {
        assertThat(ProvidedFiles.of(List.of(), List.of(), "")).isEmpty();
    }

    @Test
    void aMissingFileIsSaidByName() {
        assertThatThrownBy(() -> ProvidedFiles.of(
                        List.of(new ProvidedFile(directory.resolve("gone.jar"), "/opt/gauntlet/gone.jar")),
                        List.of(),
                        ""))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("gone.jar");
    }
}
