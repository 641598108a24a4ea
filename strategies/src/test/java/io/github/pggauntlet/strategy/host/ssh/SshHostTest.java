package io.github.pggauntlet.strategy.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostContract;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.host.LocalHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A machine behind an SSH server holds to what every host does. The server is of this process and runs real commands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SshHostTest extends HostContract {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String USER = "operator";
    private static final Secret PASSWORD = new Secret("let-me-in");

    private Path keys;
    private KeyPair hostKey;
    private KeyPair otherHostKey;
    private KeyPair mine;
    private Path privateKey;
    private SshServer server;
    private SshHost host;
    private Path directory;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        keys = temporary;
        hostKey = KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
        mine = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        privateKey = write(mine, "id_ed25519", Optional.empty());
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        otherHostKey = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey, otherHostKey));
        server.setPasswordAuthenticator(
                (user, password, session) -> user.equals(USER) && password.equals(PASSWORD.reveal()));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals(USER) && KeyUtils.compareKeys(key, mine.getPublic()));
        // As OpenSSH does: the line goes to the user's shell.
        server.setCommandFactory(
                (channel, line) -> new ProcessShellFactory(line, "sh", "-c", line).createShell(channel));
        server.start();
        host = new SshHost(access(given(), new SshAccess.Login.PrivateKey(privateKey)));
    }

    @AfterAll
    void stop() throws IOException {
        host.close();
        server.stop(true);
    }

    @AfterEach
    void clean() throws InterruptedException {
        if (directory != null) {
            new LocalHost("here", "localhost")
                    .run(Command.of(LIMIT, "rm", "-rf", directory.toString()))
                    .orFail();
            directory = null;
        }
    }

    @Override
    protected Host host() {
        return host;
    }

    @Override
    protected String directory() {
        if (directory == null) {
            try {
                directory = Files.createTempDirectory("ssh-host");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return directory.toString();
    }

    @Override
    protected String owner() {
        return System.getProperty("user.name");
    }

    @Test
    void aPasswordOpensTheDoorToo() throws InterruptedException {
        assertThat(echo(access(given(), new SshAccess.Login.Password(PASSWORD))))
                .isEqualTo("hello\n");
    }

    @Test
    void aWrongPasswordDoesNotAndIsNotShown() {
        SshAccess wrong = access(given(), new SshAccess.Login.Password(new Secret("wrong-password")));
        assertThatThrownBy(() -> echo(wrong))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("machine0")
                .hasMessageNotContaining("wrong-password");
        assertThat(wrong.toString()).doesNotContain("wrong-password");
    }

    @Test
    void anEncryptedKeyIsOpenedWithItsPassphrase() throws Exception {
        Path encrypted = write(mine, "id_encrypted", Optional.of("the passphrase"));
        assertThat(echo(access(
                        given(), new SshAccess.Login.PrivateKey(encrypted, Optional.of(new Secret("the passphrase"))))))
                .isEqualTo("hello\n");
        SshAccess wrong =
                access(given(), new SshAccess.Login.PrivateKey(encrypted, Optional.of(new Secret("another"))));
        assertThatThrownBy(() -> echo(wrong))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(encrypted.toString())
                .hasMessageNotContaining("another");
    }

    @Test
    void aKeyThatIsNotThereIsNamed() {
        Path absent = keys.resolve("absent");
        assertThatThrownBy(() -> echo(access(given(), new SshAccess.Login.PrivateKey(absent))))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(absent.toString());
    }

    @Test
    void aKnownHostIsKnown() throws Exception {
        Path file = knownHosts("[127.0.0.1]:" + server.getPort(), hostKey);
        String before = Files.readString(file);
        assertThat(echo(known(file))).isEqualTo("hello\n");
        assertThat(file).hasContent(before);
    }

    /** A server has several keys, of which the one that is known need not be the one it would rather show. */
    @Test
    void aHostIsKnownByAnyOfItsKeys() throws Exception {
        for (KeyPair key : List.of(hostKey, otherHostKey)) {
            assertThat(echo(known(knownHosts("[127.0.0.1]:" + server.getPort(), key))))
                    .isEqualTo("hello\n");
            assertThat(echo(access(
                            new SshAccess.HostKey.Given(PublicKeyEntry.toString(key.getPublic())),
                            new SshAccess.Login.Password(PASSWORD))))
                    .isEqualTo("hello\n");
        }
    }

    @Test
    void anUnknownHostIsRefusedAndNotLearnt() throws Exception {
        Path file = knownHosts("elsewhere.example", hostKey);
        String before = Files.readString(file);
        assertThatThrownBy(() -> echo(known(file)))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("known host key");
        assertThat(file).hasContent(before);
    }

    @Test
    void aHostWithAnotherKeyIsRefused() throws Exception {
        KeyPair other = KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
        Path file = knownHosts("[127.0.0.1]:" + server.getPort(), other);
        assertThatThrownBy(() -> echo(known(file)))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("known host key");
        SshAccess.HostKey given = new SshAccess.HostKey.Given(PublicKeyEntry.toString(other.getPublic()));
        assertThatThrownBy(() -> echo(access(given, new SshAccess.Login.Password(PASSWORD))))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("known host key");
    }

    @Test
    void whatIsNoHostKeyIsSaid() {
        assertThatThrownBy(() -> new SshHost(
                        access(new SshAccess.HostKey.Given("nonsense"), new SshAccess.Login.Password(PASSWORD))))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("ssh-ed25519 AAAA");
        assertThatThrownBy(() -> new SshHost(known(keys.resolve("no-such-file"))))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("ssh-keyscan");
    }

    @Test
    void aMachineThatIsSilentIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SshAccess access = access(given(), new SshAccess.Login.Password(PASSWORD))
                    .port(silent.getLocalPort())
                    .limit(Duration.ofMillis(500));
            assertThatThrownBy(() -> echo(access))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("machine0");
        }
    }

    @Test
    void aConnectionThatBrokeIsMadeAnew() throws Exception {
        try (SshHost own = new SshHost(access(given(), new SshAccess.Login.Password(PASSWORD)))) {
            assertThat(own.run(Command.of(LIMIT, "true")).succeeded()).isTrue();
            server.getActiveSessions().forEach(session -> session.close(true));
            // The first to notice may still fail; it says so and does not hang.
            try {
                own.run(Command.of(LIMIT, "true"));
            } catch (HostException e) {
                assertThat(e).hasMessageContaining("machine0");
            }
            assertThat(own.run(Command.of(LIMIT, "true")).succeeded()).isTrue();
        }
    }

    @Test
    void aVariableHasAName() {
        assertThatThrownBy(() -> host.run(Command.of(LIMIT, "true").with("A;id", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A;id");
    }

    /** As every program does that starts a service and returns. */
    @Test
    void whatWasSaidIsNotLostWhenAChildLivesOnAndHoldsThePipe() throws Exception {
        CommandResult result = host.run(Command.of(LIMIT, "sh", "-c", "setsid sleep 300 & echo $!"));

        assertThat(result.succeeded()).isTrue();
        long child = Long.parseLong(result.output().strip());
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static String echo(SshAccess access) throws InterruptedException {
        try (SshHost host = new SshHost(access)) {
            return host.run(Command.of(LIMIT, "echo", "hello")).orFail().output();
        }
    }

    private SshAccess access(SshAccess.HostKey key, SshAccess.Login login) {
        return SshAccess.of("machine0", "127.0.0.1", USER, key, login).port(server.getPort());
    }

    private SshAccess known(Path file) {
        return access(new SshAccess.HostKey.KnownHosts(file), new SshAccess.Login.Password(PASSWORD));
    }

    private SshAccess.HostKey given() {
        return new SshAccess.HostKey.Given(PublicKeyEntry.toString(hostKey.getPublic()));
    }

    private Path knownHosts(String name, KeyPair key) throws IOException {
        return Files.writeString(
                Files.createTempFile(keys, "known", "_hosts"),
                name + " " + PublicKeyEntry.toString(key.getPublic()) + "\n");
    }

    private Path write(KeyPair pair, String name, Optional<String> passphrase) throws Exception {
        OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
        passphrase.ifPresent(encryption::setPassword);
        encryption.setCipherType("256");
        Path file = keys.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                    pair, "test", passphrase.isPresent() ? encryption : null, out);
        }
        return file;
    }
}
