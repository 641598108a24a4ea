package io.github.pggauntlet.harness.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The folder in which everything of one run lies.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {

    private static final String PLAN = "plan.json";
    private static final String HISTORY = "history.jsonl";
    private static final String EVENTS = "events.jsonl";
    private static final String VERDICT = "verdict.json";
    private static final String REPORT = "report.html";
    private static final String NODES = "nodes";
    private static final String DRAFT = ".draft";

    /** Drafts are left behind by a process that was killed while it wrote one. */
    private static final Set<String> ALL =
            Set.of(PLAN, HISTORY, EVENTS, VERDICT, REPORT, NODES, PLAN + DRAFT, VERDICT + DRAFT);

    /**
     * Makes an empty run folder. The files of an earlier run in the same folder are deleted, and nothing else ever is.
     *
     * @throws ForeignFolderException if the folder holds anything that is not of a run
     * @throws RecordingException if the folder cannot be made
     */
    public static RunFolder create(Path path) {
        requireUsable(path);
        try {
            Files.createDirectories(path);
            for (String name : ALL) {
                delete(path.resolve(name));
            }
            Files.createDirectories(path.resolve(NODES));
            return new RunFolder(path);
        } catch (IOException | UncheckedIOException e) {
            throw new RecordingException("The folder " + path + " cannot be made ready for a run: " + e + ".", e);
        }
    }

    /**
     * Says whether a run could be written there. Changes nothing.
     *
     * @throws ForeignFolderException if there is anything that is not of a run
     * @throws RecordingException if the folder cannot be read
     */
    public static void requireUsable(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.isDirectory(path)) {
            throw new ForeignFolderException(path + " is a file; a run needs a folder.");
        }
        try {
            Set<String> strangers = names(path);
            strangers.removeAll(ALL);
            if (!strangers.isEmpty()) {
                throw new ForeignFolderException(path + " is not empty and not the folder of a run (it holds "
                        + strangers.iterator().next() + "); choose another one.");
            }
        } catch (IOException | UncheckedIOException e) {
            throw new RecordingException("The folder " + path + " cannot be read: " + e + ".", e);
        }
    }

    /**
     * The folder of a run that has been made before.
     *
     * @throws DamagedRunException if there is none at that place, or its plan, history or events are missing
     */
    public static RunFolder open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new DamagedRunException(path + " is not a folder.");
        }
        for (String name : List.of(PLAN, HISTORY, EVENTS)) {
            if (!Files.isRegularFile(path.resolve(name))) {
                throw new DamagedRunException(path + " is not the folder of a run: it has no " + name + ".");
            }
        }
        return new RunFolder(path);
    }

    /** What was to be run. */
    public Path plan() {
        return path.resolve(PLAN);
    }

    /** The operations. */
    public Path history() {
        return path.resolve(HISTORY);
    }

    /** Everything else that happened. */
    public Path events() {
        return path.resolve(EVENTS);
    }

    /** What is to be said of it. */
    public Path verdict() {
        return path.resolve(VERDICT);
    }

    /** The same for people. */
    public Path report() {
        return path.resolve(REPORT);
    }

    /** The folder of all members' logs. */
    public Path nodes() {
        return path.resolve(NODES);
    }

    /**
     * The folder for a member's logs. It is made if it does not exist.
     *
     * @throws RecordingException if it cannot be made
     */
    public Path node(String member) {
        Path folder = path.resolve(NODES).resolve(member);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new RecordingException("The folder " + folder + " cannot be made: " + e.getMessage() + ".", e);
        }
    }

    private static Set<String> names(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            Set<String> names = new TreeSet<>();
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            return names;
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (NoSuchFileException e) {
            // Nothing to delete.
        }
    }
}
