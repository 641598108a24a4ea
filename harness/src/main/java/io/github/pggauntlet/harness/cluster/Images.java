package io.github.pggauntlet.harness.cluster;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The names of the images that {@code docker/prepare} has made ready on this machine.
 *
 * @param source the file they were read from
 * @param names the image for each key: {@code node.17}, {@code etcd}, {@code toxiproxy}, ...
 */
public record Images(Path source, Map<String, String> names) {

    /** The system property that names the file; read first. */
    public static final String PROPERTY = "gauntlet.images";

    /** The environment variable that names the file; read when the property is not set. */
    public static final String VARIABLE = "GAUNTLET_IMAGES";

    private static final Path USUAL_PLACE = Path.of("docker", ".prepared", "images.properties");

    public Images {
        names = Map.copyOf(names);
    }

    /**
     * Finds and reads the file: named by the system property {@value #PROPERTY}, else by the environment variable
     * {@value #VARIABLE}, else {@code docker/.prepared/images.properties} here or in a directory above.
     *
     * @throws EnvironmentException if there is none or it cannot be read
     */
    public static Images find() {
        return find(
                Optional.ofNullable(System.getProperty(PROPERTY)),
                Optional.ofNullable(System.getenv(VARIABLE)),
                Path.of("").toAbsolutePath());
    }

    static Images find(Optional<String> property, Optional<String> variable, Path workingDirectory) {
        return read(property.or(() -> variable)
                .filter(named -> !named.isBlank())
                .map(Path::of)
                .or(() -> above(workingDirectory))
                .orElseThrow(() -> new EnvironmentException("There is no " + USUAL_PLACE + " in " + workingDirectory
                        + " or above it; run docker/prepare, or name the file by -D" + PROPERTY + " or " + VARIABLE
                        + ".")));
    }

    private static Optional<Path> above(Path directory) {
        for (Path at = directory; at != null; at = at.getParent()) {
            Path candidate = at.resolve(USUAL_PLACE);
            if (Files.isRegularFile(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a file of image names.
     *
     * @throws EnvironmentException if it cannot be read
     */
    public static Images read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new EnvironmentException(
                    "The list of images " + file + " cannot be read (" + e + "); run docker/prepare.", e);
        }
        Map<String, String> names = new HashMap<>();
        properties
                .stringPropertyNames()
                .forEach(key -> names.put(key, properties.getProperty(key).strip()));
        return new Images(file, names);
    }

    /**
     * The image of a machine with a PostgreSQL of this major version.
     *
     * @throws EnvironmentException if it has not been prepared
     */
    public String node(int postgres) {
        return find("node." + postgres)
                .orElseThrow(() -> new EnvironmentException("There is no image with PostgreSQL " + postgres + " in "
                        + source + "; run docker/prepare --postgres " + postgres + "."));
    }

    /**
     * The image of a machine with a kernel of its own and a PostgreSQL of this major version.
     *
     * @throws EnvironmentException if it has not been prepared
     */
    public String guest(int postgres) {
        return find("guest." + postgres)
                .orElseThrow(() -> new EnvironmentException("There is no image of a machine with a kernel of its own"
                        + " and PostgreSQL " + postgres + " in " + source + "; run docker/prepare --guests --postgres "
                        + postgres + "."));
    }

    /**
     * The image of the arbiter's etcd.
     *
     * @throws EnvironmentException if it has not been prepared
     */
    public String etcd() {
        return require("etcd");
    }

    /**
     * The image of Toxiproxy's server.
     *
     * @throws EnvironmentException if it has not been prepared
     */
    public String toxiproxy() {
        return require("toxiproxy");
    }

    /**
     * These with machines that carry HAProxy and OpenSSH's server besides: what tests of a cluster's surroundings need.
     *
     * @param postgres the major version of PostgreSQL that those machines have
     * @throws EnvironmentException if their image has not been prepared
     */
    public Images withEdge(int postgres) {
        Map<String, String> others = new HashMap<>(names);
        others.put(
                "node." + postgres,
                find("edge")
                        .orElseThrow(() -> new EnvironmentException(
                                "There is no image 'edge' in " + source + "; run docker/prepare --tests.")));
        return new Images(source, others);
    }

    /** The image of Ryuk, which removes what a killed process has left; nothing depends on it. */
    public Optional<String> ryuk() {
        return find("ryuk");
    }

    /** The address of the engine that has the images, as {@code DOCKER_HOST} would name it. */
    public Optional<String> engine() {
        return find("engine");
    }

    private String require(String key) {
        return find(key)
                .orElseThrow(() -> new EnvironmentException(
                        "There is no image '" + key + "' in " + source + "; run docker/prepare."));
    }

    private Optional<String> find(String key) {
        return Optional.ofNullable(names.get(key)).filter(name -> !name.isBlank());
    }
}
