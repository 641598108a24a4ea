package io.github.pggauntlet.strategy.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A machine whose commands end as a test says; remembers what was done to it, in order. */
public final class ScriptedHost implements Host {

    private final List<String> doings = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<Answer> answers = new ArrayList<>();

    private record Answer(String start, int status, String output, String errors) {}

    /** Commands that begin so end so; the answer given last counts. Others end with status 0 and say nothing. */
    public ScriptedHost answer(String start, int status, String output, String errors) {
        answers.add(0, new Answer(start, status, output, errors));
        return this;
    }

    /** Commands and files put, in order. */
    public List<String> doings() {
        return List.copyOf(doings);
    }

    /** The first of the doings that begin so. */
    public String doing(String start) {
        return doings.stream()
                .filter(doing -> doing.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nothing like '" + start + "' was done: " + doings));
    }

    /** Sets a file's content. */
    public ScriptedHost file(String path, byte[] content) {
        files.put(path, content.clone());
        return this;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public String address() {
        return "192.0.2.1";
    }

    @Override
    public CommandResult run(Command command) {
        doings.add(command.toString());
        return answers.stream()
                .filter(answer -> command.toString().startsWith(answer.start()))
                .findFirst()
                .map(answer -> new CommandResult(command, answer.status(), answer.output(), answer.errors()))
                .orElseGet(() -> new CommandResult(command, 0, "", ""));
    }

    @Override
    public void put(String path, byte[] content, String owner, int mode) {
        doings.add("put " + path + " " + owner + " " + Integer.toOctalString(mode));
        files.put(path, content.clone());
    }

    @Override
    public byte[] get(String path) {
        byte[] content = files.get(path);
        if (content == null) {
            throw new HostException("There is no file " + path + " on " + name() + ".");
        }
        return content.clone();
    }
}
