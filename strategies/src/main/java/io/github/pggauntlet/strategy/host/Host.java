package io.github.pggauntlet.strategy.host;

/**
 * A machine, and the only door to it: run a command, put a file, get a file, its address.
 *
 * <p>Safe for use by several threads. Every method fails with {@link HostException} when the machine cannot be reached or
 * does not answer within the time allowed, and honours interruption.
 */
public interface Host {

    /** The machine's name, as messages call it. */
    String name();

    /** The address at which other machines of its network reach it. */
    String address();

    /**
     * Runs a command and waits for its end. A command that ends with a status other than zero is not an exception.
     *
     * @throws HostException if the command could not be started, or did not end within its time; it has then been killed
     * @throws InterruptedException if the calling thread is interrupted; the command has then been killed
     */
    CommandResult run(Command command) throws InterruptedException;

    /**
     * Writes a file: whole or not at all, its content on disk when this returns.
     *
     * @param path an absolute path; its directory must exist
     * @param content the file's content
     * @param owner the user that shall own it
     * @param mode its permissions in octal, for example {@code 0600}
     * @throws InterruptedException if the calling thread is interrupted
     */
    void put(String path, byte[] content, String owner, int mode) throws InterruptedException;

    /**
     * Reads a file.
     *
     * @throws HostException if there is no such file or it cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    byte[] get(String path) throws InterruptedException;
}
