package io.github.pggauntlet.strategy.host.ssh;

import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.Signature;

/**
 * How a machine is reached over SSH: where it is, how it proves that it is the one, and how we prove that we may.
 *
 * <p>Neither proof has a default: a host key that nobody has vouched for is refused, and nothing is read from the home
 * directory or an agent.
 *
 * @param name the machine's name, as messages call it
 * @param host its host name or address
 * @param port the port of its SSH server
 * @param user the user to be there; installing an agent takes root
 * @param hostKey how it proves itself
 * @param login how we prove ourselves
 * @param limit how long each step of a connection may take
 */
public record SshAccess(String name, String host, int port, String user, HostKey hostKey, Login login, Duration limit) {

    private static final int PORT = 22;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** Access on port 22, with 15 s for each step of a connection. */
    public static SshAccess of(String name, String host, String user, HostKey hostKey, Login login) {
        return new SshAccess(name, host, PORT, user, hostKey, login, LIMIT);
    }

    /** This on another port. */
    public SshAccess port(int other) {
        return new SshAccess(name, host, other, user, hostKey, login, limit);
    }

    /** This with another limit. */
    public SshAccess limit(Duration other) {
        return new SshAccess(name, host, port, user, hostKey, login, other);
    }

    /** How a machine proves itself. */
    public sealed interface HostKey {

        /**
         * By a key that a file names for it.
         *
         * @param file the file, in the format of OpenSSH's {@code known_hosts}; it is never written to
         */
        record KnownHosts(Path file) implements HostKey {}

        /**
         * By one certain key.
         *
         * @param line the public key as OpenSSH writes it, for example {@code ssh-ed25519 AAAA...}
         */
        record Given(String line) implements HostKey {}
    }

    /** How we prove ourselves. */
    public sealed interface Login {

        /**
         * By a private key.
         *
         * @param file the key's file, in a format of OpenSSH or in PEM
         * @param passphrase what it is encrypted with; empty if it is not
         */
        record PrivateKey(Path file, Optional<Secret> passphrase) implements Login {

            /** A key that is not encrypted. */
            public PrivateKey(Path file) {
                this(file, Optional.empty());
            }
        }

        /**
         * By a password.
         *
         * @param secret the password
         */
        record Password(Secret secret) implements Login {}
    }

    /** A client that knows the host key, and nothing of this user's home directory. */
    SshClient client() {
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setFilePasswordProvider(FilePasswordProvider.EMPTY);
        client.setServerKeyVerifier(verifier());
        List<NamedFactory<Signature>> signatures = List.copyOf(client.getSignatureFactories());
        client.setUserAuthFactories(List.of(
                new UserAuthPublicKeyFactory(signatures),
                UserAuthKeyboardInteractiveFactory.INSTANCE,
                UserAuthPasswordFactory.INSTANCE));
        // A server shows one of its keys, the one that the client asks for first: ask for those that are known only.
        Set<String> known = knownKeyTypes();
        List<NamedFactory<Signature>> wanted = signatures.stream()
                .filter(signature -> known.contains(KeyUtils.getCanonicalKeyType(signature.getName())))
                .toList();
        if (!wanted.isEmpty()) {
            client.setSignatureFactories(wanted);
        }
        return client;
    }

    private Set<String> knownKeyTypes() {
        if (hostKey instanceof HostKey.Given given) {
            return Set.of(KeyUtils.getKeyType(publicKey(given.line())));
        }
        Path file = ((HostKey.KnownHosts) hostKey).file();
        try {
            return KnownHostEntry.readKnownHostEntries(file).stream()
                    .filter(entry -> entry.isHostMatch(host, port))
                    .map(entry -> entry.getKeyEntry().getKeyType())
                    .collect(Collectors.toSet());
        } catch (IOException | RuntimeException e) {
            throw new HostException("The known hosts file " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    private ServerKeyVerifier verifier() {
        if (hostKey instanceof HostKey.Given given) {
            PublicKey key = publicKey(given.line());
            return (session, address, offered) -> KeyUtils.compareKeys(key, offered);
        }
        Path file = ((HostKey.KnownHosts) hostKey).file();
        if (!Files.isReadable(file)) {
            throw new HostException("The known hosts file " + file + " cannot be read; make it with ssh-keyscan and"
                    + " compare what it says with the machine's own keys.");
        }
        return new KnownHostsServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE, file);
    }

    private PublicKey publicKey(String line) {
        try {
            return AuthorizedKeyEntry.parseAuthorizedKeyEntry(line)
                    .resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new HostException(
                    "The host key given for " + name + " is none: it looks like 'ssh-ed25519 AAAA...'.", e);
        }
    }

    /** Gives a session what it proves itself with. */
    void prove(ClientSession session) throws IOException {
        if (login instanceof Login.Password password) {
            session.addPasswordIdentity(password.secret().reveal());
            return;
        }
        Login.PrivateKey key = (Login.PrivateKey) login;
        FileKeyPairProvider provider = new FileKeyPairProvider(key.file());
        key.passphrase().ifPresent(secret -> provider.setPasswordFinder(FilePasswordProvider.of(secret.reveal())));
        List<KeyPair> pairs;
        try {
            pairs = StreamSupport.stream(provider.loadKeys(session).spliterator(), false)
                    .toList();
        } catch (RuntimeException e) {
            throw new HostException("The private key " + key.file() + " for " + name + " cannot be read.", e);
        }
        if (pairs.isEmpty()) {
            throw new HostException("There is no private key in " + key.file() + " for " + name + ".");
        }
        pairs.forEach(session::addPublicKeyIdentity);
    }
}
