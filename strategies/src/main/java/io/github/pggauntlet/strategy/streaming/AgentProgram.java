package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.host.AgentLog;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The agent's program: its jars, as they lie on this process's own class path, and the class to run. The jars go to a
 * directory on each machine whose name contains a digest of them.
 *
 * @param mainClass the class to run
 * @param files the jars, and where each lies on a machine
 */
public record AgentProgram(String mainClass, List<ProvidedFile> files) {

    private static final String ROOT = "/opt/gauntlet/agent/";
    private static final String LIST = "/META-INF/gauntlet/agent-classpath";
    private static final int DIGEST_LENGTH = 16;

    /**
     * An agent is small, and shall start quickly and leave the processors and the memory to PostgreSQL. When memory does not
     * suffice it ends, and PostgreSQL with it, rather than go on without one of its threads.
     */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms8m",
            "-Xmn4m",
            "-Xmx64m",
            "-XX:ReservedCodeCacheSize=24m",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+IgnoreUnrecognizedVMOptions",
            // Where the archive of classes lies is not drawn by lot: then what is not used of it need not be read and
            // changed.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:TrimNativeHeapInterval=60000",
            "-Dio.netty.allocator.type=unpooled",
            "-Dio.netty.noPreferDirect=true",
            AgentLog.OPTION);

    /** Arguments: the archive without TLS, the one with it, the class path, the class to run, and the JVM's flags. */
    private static final String REHEARSE = """
            plain=$1 tls=$2 classpath=$3 main=$4
            shift 4
            java "$@" "-XX:ArchiveClassesAtExit=$plain" -cp "$classpath" "$main" plain &&
            java "$@" "-XX:ArchiveClassesAtExit=$tls" -cp "$classpath" "$main" tls
            """;

    public AgentProgram {
        files = List.copyOf(files);
    }

    /**
     * The command that runs it on a machine.
     *
     * @param tls whether it speaks TLS
     */
    List<String> command(String configFile, boolean tls) {
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(FLAGS);
        // Without the archive, or with one of another Java, the JVM starts all the same and takes longer.
        command.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive(tls)));
        command.addAll(List.of("-cp", directory() + "/*", mainClass, configFile));
        return command;
    }

    /**
     * The command that goes through an agent's motions and leaves archives of the classes it took: one for agents that speak
     * TLS and one for those that do not, since all that is in an archive is in the agent's memory.
     */
    List<String> rehearsal() {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", REHEARSE, "rehearse", archive(false), archive(true), directory() + "/*"));
        command.add(AgentRehearsal.class.getName());
        command.addAll(FLAGS);
        return command;
    }

    private String archive(boolean tls) {
        return directory() + (tls ? "/agent-tls.jsa" : "/agent.jsa");
    }

    private String directory() {
        String target = files.get(0).target();
        return target.substring(0, target.lastIndexOf('/'));
    }

    /** The agent as it is meant to run. */
    public static AgentProgram standard() {
        return with(AgentMain.class);
    }

    /**
     * An agent with another main class, for example one that makes its arbiter in another way.
     *
     * @param main the class to run; the jar it comes from is added to the agent's own
     */
    public static AgentProgram with(Class<?> main) {
        TreeMap<String, Path> jars = new TreeMap<>();
        for (Path own :
                Stream.of(sourceOf(AgentMain.class), sourceOf(main)).distinct().toList()) {
            Path jar = Files.isDirectory(own) ? pack(own) : own;
            jars.put(digest(List.of(jar)) + ".jar", jar);
        }
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        for (String name : dependencies()) {
            jars.put(name, find(name, classPath));
        }
        String directory = ROOT + digest(List.copyOf(jars.values())) + "/";
        List<ProvidedFile> files = new ArrayList<>();
        jars.forEach((name, path) -> files.add(new ProvidedFile(path, directory + name)));
        return new AgentProgram(main.getName(), files);
    }

    private static Path find(String name, List<Path> classPath) {
        return classPath.stream()
                .filter(entry -> entry.endsWith(name))
                .findFirst()
                .orElseThrow(() -> new HaException(
                        "The agent needs " + name + ", which is not on the class path; put all dependencies of"
                                + " gauntlet-strategies there as they are, without repackaging them."));
    }

    private static List<String> dependencies() {
        try (InputStream list = AgentProgram.class.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new HaException("The list of the agent's dependencies, " + LIST + ", is not in the jar.");
            }
            return new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path sourceOf(Class<?> type) {
        return Path.of(java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** A jar of a directory of classes, always the same bytes for the same classes. */
    private static Path pack(Path classes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                JarEntry entry =
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/'));
                entry.setTime(0);
                jar.putNextEntry(entry);
                jar.write(Files.readAllBytes(file));
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The classes in " + classes + " could not be packed.", e);
        }
        try {
            Path jar = Files.createTempFile("gauntlet-agent", ".jar");
            jar.toFile().deleteOnExit();
            return Files.write(jar, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("The agent's jar could not be written.", e);
        }
    }

    private static String digest(List<Path> files) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                sha.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(sha.digest()).substring(0, DIGEST_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException("The agent's jars cannot be read.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
