package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.ssh.SshAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** OpenSSH's server on a machine, and a key that opens it. The machine's image is the one that carries it. */
final class Sshd {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PORT = 22;

    private static final String START = """
            set -e
            ssh-keygen -q -A
            install -d -m 0700 /root/.ssh
            ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/operator
            cat /root/.ssh/operator.pub >>/root/.ssh/authorized_keys
            install -d -m 0755 /run/sshd
            # PostgreSQL's programs are on the path of this shell, and have to be on that of every session.
            /usr/sbin/sshd -o PasswordAuthentication=no -o PidFile=/run/sshd.pid -o "SetEnv=PATH=$PATH"
            """;

    private Sshd() {}

    /**
     * Starts it.
     *
     * @param directory where the private key and the file of known hosts are put on this side
     * @return how to get in
     */
    static SshAccess start(Engine engine, ContainerHost machine, Path directory)
            throws InterruptedException, IOException {
        machine.run(Command.of(LIMIT, "sh", "-c", START)).orFail();
        Endpoint endpoint = Addresses.of(engine, machine.inspect(), PORT);
        Path key = Files.write(directory.resolve(machine.name() + ".key"), machine.get("/root/.ssh/operator"));
        String hostKey = text(machine, "/etc/ssh/ssh_host_ed25519_key.pub");
        Path known =
                Files.writeString(directory.resolve(machine.name() + ".known_hosts"), endpoint.host() + " " + hostKey);
        return SshAccess.of(
                        machine.name(),
                        endpoint.host(),
                        "root",
                        new SshAccess.HostKey.KnownHosts(known),
                        new SshAccess.Login.PrivateKey(key))
                .port(endpoint.port());
    }

    private static String text(Host machine, String path) throws InterruptedException {
        return new String(machine.get(path), StandardCharsets.UTF_8);
    }
}
