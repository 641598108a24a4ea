package io.github.pggauntlet.harness.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;

/**
 * The key that opens the doors of one cluster's guests: made for that cluster, and gone with it.
 *
 * @param file the private key, readable by this user alone
 * @param publicLine the public key, as OpenSSH writes it
 */
record GuestKey(Path file, String publicLine) implements AutoCloseable {

    private static final String CURVE = "secp256r1";

    /**
     * Makes one.
     *
     * @throws EnvironmentException if it cannot be written here
     */
    static GuestKey create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            KeyPair pair = generator.generateKeyPair();
            Path file = Files.createTempFile(
                    "gauntlet-guest",
                    ".key",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            // For the case that this process ends without closing its clusters.
            file.toFile().deleteOnExit();
            try (OutputStream stream = Files.newOutputStream(file)) {
                OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "gauntlet", null, stream);
            }
            return new GuestKey(file, PublicKeyEntry.toString(pair.getPublic()));
        } catch (IOException | GeneralSecurityException e) {
            throw new EnvironmentException(
                    "The key for machines with a kernel of their own cannot be made in "
                            + System.getProperty("java.io.tmpdir") + " (" + e + ").",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new EnvironmentException("The key " + file + " cannot be deleted (" + e + ").", e);
        }
    }
}
