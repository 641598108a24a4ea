package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that lie on every machine, in one volume that all of them mount. The volume is filled once and kept from run to
 * run: its name is a digest of what must lie in it.
 */
final class ProvidedFiles {

    private static final Logger log = LoggerFactory.getLogger(ProvidedFiles.class);

    private static final String PREFIX = "gauntlet-files-";
    /** An empty volume of this name says that its namesake is filled: labels cannot be added to a volume afterwards. */
    private static final String FILLED = "-filled";

    private static final String MADE = Ownership.LABEL + ".made";
    private static final Duration FILLING = Duration.ofMinutes(2);
    private static final Duration REHEARSING = Duration.ofSeconds(60);
    private static final Duration KEPT_UNUSED = Duration.ofDays(1);

    private final List<ProvidedFile> files;
    private final String directory;
    private final String volume;
    private final List<String> rehearsal;

    private ProvidedFiles(List<ProvidedFile> files, String directory, String volume, List<String> rehearsal) {
        this.files = files;
        this.directory = directory;
        this.volume = volume;
        this.rehearsal = rehearsal;
    }

    /**
     * @param files the files
     * @param rehearsal a command to run once when they lie there for the first time; empty for none
     * @param image the image of the machines: what a rehearsal leaves is good for machines of that image only
     * @throws IllegalArgumentException if the targets have no directory in common below the root
     * @throws EnvironmentException if a source is not there
     */
    static Optional<ProvidedFiles> of(List<ProvidedFile> files, List<String> rehearsal, String image) {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        List<ProvidedFile> sorted = files.stream()
                .sorted(Comparator.comparing(ProvidedFile::target))
                .toList();
        String directory =
                commonDirectory(sorted.stream().map(ProvidedFile::target).toList());
        String kind = rehearsal.isEmpty() ? "" : image + " " + String.join(" ", rehearsal);
        return Optional.of(new ProvidedFiles(sorted, directory, PREFIX + digest(sorted, kind), List.copyOf(rehearsal)));
    }

    static String commonDirectory(List<String> targets) {
        List<Path> parents = targets.stream().map(Path::of).map(Path::getParent).toList();
        Path common = parents.get(0);
        for (Path parent : parents) {
            while (common != null && (parent == null || !parent.startsWith(common))) {
                common = common.getParent();
            }
        }
        if (common == null || !common.isAbsolute() || common.getNameCount() < 2) {
            throw new IllegalArgumentException(
                    "Provided files must lie together in a directory of their own, such as /opt/gauntlet, not at "
                            + String.join(", ", targets) + ".");
        }
        return common.toString();
    }

    /** By contract a target's path changes with its content; the size is one more guard, and costs no reading. */
    private static String digest(List<ProvidedFile> files, String kind) {
        String all = files.stream()
                .map(file -> file.target() + " " + size(file.source()))
                .collect(Collectors.joining("\n", "", kind));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    private static long size(Path source) {
        try {
            return Files.size(source);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "The file " + source + " is wanted on every machine and cannot be read (" + e
                            + "); build the project and try again.",
                    e);
        }
    }

    /** How a machine mounts the files. */
    Bind bind() {
        return new Bind(volume, new Volume(directory), com.github.dockerjava.api.model.AccessMode.ro);
    }

    String volume() {
        return volume;
    }

    /**
     * Fills the volume, unless it is filled.
     *
     * @param image an image to make a container of, which is started only for a rehearsal
     * @return whether there was something to do
     */
    boolean provide(Engine engine, Ownership ownership, String image) throws InterruptedException {
        DockerClient docker = engine.docker();
        List<InspectVolumeResponse> present = volumes(engine);
        Set<String> names = present.stream().map(InspectVolumeResponse::getName).collect(Collectors.toSet());
        if (names.contains(volume) && names.contains(volume + FILLED)) {
            return false;
        }
        engine.bounded().run("files to be put into the volume " + volume, FILLING, () -> {
            createVolume(docker, volume);
            String container = create(docker, ownership, image);
            try {
                docker.copyArchiveToContainerCmd(container)
                        .withRemotePath(directory)
                        .withTarInputStream(new ByteArrayInputStream(archive()))
                        .exec();
                rehearse(docker, container);
                createVolume(docker, volume + FILLED);
            } finally {
                docker.removeContainerCmd(container).withForce(true).exec();
            }
        });
        log.debug("Put {} files into the volume {}", files.size(), volume);
        prune(docker, present);
        return true;
    }

    private String create(DockerClient docker, Ownership ownership, String image) {
        CreateContainerCmd command = docker.createContainerCmd(image)
                .withLabels(ownership.labels())
                .withHostConfig(HostConfig.newHostConfig()
                        .withBinds(new Bind(volume, new Volume(directory)))
                        .withNetworkMode("none"));
        if (!rehearsal.isEmpty()) {
            command.withEntrypoint(rehearsal).withCmd(List.of());
        }
        return command.exec().getId();
    }

    /** Nothing depends on a rehearsal: if it fails, starts take longer. */
    private void rehearse(DockerClient docker, String container) {
        if (rehearsal.isEmpty()) {
            return;
        }
        docker.startContainerCmd(container).exec();
        Integer status = docker.waitContainerCmd(container)
                .start()
                .awaitStatusCode(REHEARSING.toMillis(), TimeUnit.MILLISECONDS);
        if (status == null || status != 0) {
            log.warn("The rehearsal '{}' ended with status {}", String.join(" ", rehearsal), status);
        }
    }

    private static List<InspectVolumeResponse> volumes(Engine engine) throws InterruptedException {
        return Optional.ofNullable(engine.call(
                                "the list of volumes",
                                () -> engine.docker()
                                        .listVolumesCmd()
                                        .withFilter("label", List.of(Ownership.LABEL + "=" + Ownership.FILES))
                                        .exec())
                        .getVolumes())
                .orElse(List.of());
    }

    private static void createVolume(DockerClient docker, String name) {
        docker.createVolumeCmd()
                .withName(name)
                .withLabels(Map.of(
                        Ownership.LABEL,
                        Ownership.FILES,
                        MADE,
                        Long.toString(Instant.now().getEpochSecond())))
                .exec();
    }

    /** In memory: programs are small, and a full disk here is no reason not to reach machines that have room. */
    private byte[] archive() throws IOException {
        Set<String> directories = new TreeSet<>();
        for (ProvidedFile file : files) {
            for (Path at = relative(file).getParent(); at != null; at = at.getParent()) {
                directories.add(at + "/");
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (String name : directories) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setMode(0755);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            for (ProvidedFile file : files) {
                TarArchiveEntry entry = new TarArchiveEntry(relative(file).toString());
                entry.setSize(Files.size(file.source()));
                entry.setMode(Files.isExecutable(file.source()) ? 0755 : 0644);
                tar.putArchiveEntry(entry);
                Files.copy(file.source(), tar);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Path relative(ProvidedFile file) {
        return Path.of(directory).relativize(Path.of(file.target()));
    }

    /** Every build of the project makes a volume; those that have not been used for long are of no use any more. */
    private void prune(DockerClient docker, List<InspectVolumeResponse> present) {
        long before = Instant.now().minus(KEPT_UNUSED).getEpochSecond();
        present.stream()
                .filter(old -> !old.getName().startsWith(volume))
                .filter(old -> made(old).filter(made -> made < before).isPresent())
                .map(InspectVolumeResponse::getName)
                .sorted(Comparator.reverseOrder()) // the one that says "filled" goes before what it speaks of
                .forEach(name -> remove(docker, name));
    }

    private static Optional<Long> made(InspectVolumeResponse volume) {
        return Stream.ofNullable(volume.getLabels())
                .flatMap(labels -> Stream.ofNullable(labels.get(MADE)))
                .filter(made -> made.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .findFirst();
    }

    private static void remove(DockerClient docker, String name) {
        try {
            docker.removeVolumeCmd(name).exec();
        } catch (DockerException e) {
            log.debug("The volume {} is still in use", name, e);
        } catch (UncheckedIOException e) {
            log.debug("The volume {} could not be removed", name, e);
        }
    }
}
