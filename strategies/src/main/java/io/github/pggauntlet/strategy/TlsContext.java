package io.github.pggauntlet.strategy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@link Tls} material as Java's own TLS takes it: who is trusted, and what one proves oneself with. Keys are of the kind EC,
 * RSA or Ed25519, in PKCS #8 (RFC 5958) and without a password.
 *
 * <p>That a certificate has expired, or is of another authority, is not looked at here: whoever is shown it does that at every
 * connection. Safe for use by several threads.
 */
public final class TlsContext {

    /** The only version that is spoken. */
    public static final String VERSION = "TLSv1.3";

    private static final Pattern SECTION =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final String LOCKED_KEY = "ENCRYPTED PRIVATE KEY";

    /** By the kind of a key, the signature it makes to show that it belongs to its certificate. */
    private static final Map<String, String> SIGNATURES =
            Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

    private static final byte[] PROBE = "whose key is this?".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** The key store never leaves the memory. */
    private static final char[] NO_PASSWORD = {};

    private final KeyManagerFactory keys;
    private final TrustManagerFactory trust;
    private final SSLContext context;

    private TlsContext(String authority, Optional<Tls.Identity> own) {
        List<X509Certificate> trusted = certificates(authority, "the authority");
        try {
            KeyStore anchors = emptyStore();
            for (int i = 0; i < trusted.size(); i++) {
                anchors.setCertificateEntry("authority" + i, trusted.get(i));
            }
            trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            KeyStore identity = emptyStore();
            if (own.isPresent()) {
                List<X509Certificate> chain = certificates(own.get().certificate(), "the member");
                identity.setKeyEntry(
                        "own", key(own.get().key(), chain.get(0)), NO_PASSWORD, chain.toArray(Certificate[]::new));
            }
            keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity, NO_PASSWORD);
            context = SSLContext.getInstance(VERSION);
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This Java cannot speak TLS: " + e.getMessage(), e);
        }
    }

    /**
     * For whoever checks others and shows nothing of its own.
     *
     * @param authority the certificates of those that are trusted, in PEM
     * @throws IllegalArgumentException if they cannot be read; the message says what to do
     */
    public static TlsContext trusting(String authority) {
        return new TlsContext(authority, Optional.empty());
    }

    /**
     * For whoever checks others and proves itself.
     *
     * @param authority the certificates of those that are trusted, in PEM
     * @param own what it proves itself with
     * @throws IllegalArgumentException if something of that cannot be read, or the key does not belong to the certificate; the
     *     message says what to do and holds nothing of the key
     */
    public static TlsContext of(String authority, Tls.Identity own) {
        return new TlsContext(authority, Optional.of(own));
    }

    /** For Java's own servers and clients. */
    public SSLContext context() {
        return context;
    }

    /** What they speak. */
    public SSLParameters parameters() {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        return parameters;
    }

    /** What one proves oneself with, for libraries that bring their own TLS; without a key if there is none. */
    public KeyManagerFactory keys() {
        return keys;
    }

    /** Who is trusted, for libraries that bring their own TLS. */
    public TrustManagerFactory trust() {
        return trust;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<X509Certificate> certificates(String pem, String whose) {
        List<X509Certificate> all = new ArrayList<>();
        Matcher section = SECTION.matcher(pem);
        while (section.find()) {
            if (section.group(1).equals(CERTIFICATE)) {
                all.add(certificate(section.group(2), whose));
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("The certificate of " + whose
                    + " cannot be read: it has no section BEGIN CERTIFICATE; give it in PEM.");
        }
        return all;
    }

    private static X509Certificate certificate(String content, String whose) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getMimeDecoder().decode(content)));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The certificate of " + whose
                            + " cannot be read: what its section BEGIN CERTIFICATE holds is none; give"
                            + " the file as it was made, whole.",
                    e);
        }
    }

    private static PrivateKey key(Secret pem, X509Certificate certificate) throws GeneralSecurityException {
        PublicKey shown = certificate.getPublicKey();
        String kind = shown.getAlgorithm();
        String signature = Optional.ofNullable(SIGNATURES.get(kind))
                .orElseThrow(() -> new IllegalArgumentException("The certificate of " + name(certificate)
                        + " has a key of the kind " + kind + "; use EC, RSA or Ed25519."));
        byte[] encoded = encodedKey(pem, name(certificate));
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException(
                    "The private key of " + name(certificate) + " is no readable key of the kind " + kind
                            + ", which its certificate has; give the key that belongs to the certificate, in PKCS #8.",
                    e);
        }
        if (!belongs(key, shown, signature)) {
            throw new IllegalArgumentException("The private key of " + name(certificate)
                    + " does not belong to its certificate; give the two that were made together.");
        }
        return key;
    }

    private static byte[] encodedKey(Secret pem, String whose) {
        Matcher section = SECTION.matcher(pem.reveal());
        while (section.find()) {
            String kind = section.group(1);
            if (kind.equals(KEY)) {
                try {
                    return Base64.getMimeDecoder().decode(section.group(2));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "The private key of " + whose
                                    + " cannot be read: it is no PEM; give the file as it was made," + " whole.",
                            e);
                }
            }
            if (kind.equals(LOCKED_KEY)) {
                throw new IllegalArgumentException("The private key of " + whose
                        + " is locked by a password, which an agent that starts by itself cannot be asked for; take the"
                        + " password off with 'openssl pkey' and let only its owner read the file.");
            }
            if (kind.endsWith(KEY)) {
                throw new IllegalArgumentException("The private key of " + whose + " is in the older form '" + kind
                        + "'; convert it to PKCS #8 with 'openssl pkcs8 -topk8 -nocrypt'.");
            }
        }
        throw new IllegalArgumentException("The private key of " + whose
                + " cannot be read: it has no section BEGIN PRIVATE KEY; give it in PEM, in PKCS #8.");
    }

    private static boolean belongs(PrivateKey key, PublicKey shown, String algorithm) throws GeneralSecurityException {
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(PROBE);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(shown);
        checking.update(PROBE);
        return checking.verify(signature);
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }
}
