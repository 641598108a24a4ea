package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * shellcheck finds nothing in the project's shell scripts: those that strategies put on machines, and those that prepare the
 * images. It comes with the tests' own image, so that nobody has to have it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShellScriptsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DIRECTORY = "/root/project";

    /** The build names the images by their path below the project's root. */
    private static final Path ROOT = Path.of(System.getProperty("gauntlet.images"))
            .toAbsolutePath()
            .normalize()
            .getParent()
            .getParent()
            .getParent();

    private Engine engine;
    private TestCluster cluster;

    @BeforeAll
    void start() throws InterruptedException {
        Images images = Images.find().withEdge(Clusters.POSTGRES);
        engine = Engine.connect(images);
        cluster = TestCluster.start(
                engine,
                images,
                new Topology(List.of("machine0"), 0, Clusters.POSTGRES, List.of(), List.of(), OptionalLong.empty()));
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    /** Every file that begins as a shell script does, in the folders where they are. */
    private static List<Path> scripts() throws IOException {
        List<Path> scripts = new ArrayList<>();
        for (String folder : List.of("docker", "strategies/src/main/resources", "harness/src/main/resources")) {
            if (Files.isDirectory(ROOT.resolve(folder))) {
                try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                    for (Path file : files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains(".prepared"))
                            .sorted()
                            .toList()) {
                        if (isScript(file)) {
                            scripts.add(file);
                        }
                    }
                }
            }
        }
        return scripts;
    }

    private static boolean isScript(Path file) throws IOException {
        String begin = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        String first = begin.lines().findFirst().orElse("");
        return first.matches("#!.*\\b(ba)?sh\\b.*") || first.startsWith("# shellcheck shell=");
    }

    private CommandResult check(List<String> files) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("shellcheck", "-x"));
        command.addAll(files);
        return cluster.machine("machine0").host().run(new Command(command, java.util.Map.of(), LIMIT));
    }

    private String put(Path script) throws InterruptedException, IOException {
        String place = DIRECTORY + "/" + ROOT.relativize(script);
        cluster.machine("machine0")
                .host()
                .run(Command.of(LIMIT, "mkdir", "-p", place.substring(0, place.lastIndexOf('/'))))
                .orFail();
        cluster.machine("machine0").host().put(place, Files.readAllBytes(script), "root", 0755);
        return place;
    }

    @Test
    void shellcheckFindsNothing() throws InterruptedException, IOException {
        List<Path> scripts = scripts();
        assertThat(scripts)
                .extracting(script -> script.getFileName().toString())
                .contains("vip-up", "vip-down", "vipmon", "watchdog.bash", "prepare", "node-init", "images.sh");
        List<String> places = new ArrayList<>();
        for (Path script : scripts) {
            places.add(put(script));
        }
        CommandResult checked = check(places);
        assertThat(checked.succeeded()).as(checked.output()).isTrue();
    }

    @Test
    void whatIsWrongIsFound() throws InterruptedException {
        String place = DIRECTORY + "/wrong";
        cluster.machine("machine0")
                .host()
                .run(Command.of(LIMIT, "mkdir", "-p", DIRECTORY))
                .orFail();
        cluster.machine("machine0")
                .host()
                .put(place, "#!/bin/sh\nrm $1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), "root", 0755);
        CommandResult checked = check(List.of(place));
        assertThat(checked.succeeded()).isFalse();
        assertThat(checked.output()).contains("SC2086");
    }
}
