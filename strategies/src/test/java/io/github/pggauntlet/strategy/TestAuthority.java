package io.github.pggauntlet.strategy;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates, good ones and others. */
public final class TestAuthority {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final X500Name NAME = new X500Name("CN=a test's authority");

    private final KeyPair keys = keys("EC");
    private final AtomicLong serial = new AtomicLong(1);
    private final String certificate =
            sign(NAME, keys, true, List.of(), Instant.now().plus(HOUR));

    /** Its own certificate. */
    public String certificate() {
        return certificate;
    }

    /** An identity of one key algorithm (EC, RSA, Ed25519) for hosts, names or addresses. */
    public Tls.Identity identity(String algorithm, String... hosts) {
        return identity(algorithm, Instant.now().plus(HOUR), List.of(hosts));
    }

    /** One whose time was over a minute ago. */
    public Tls.Identity expired(String... hosts) {
        return identity("EC", Instant.now().minus(Duration.ofMinutes(1)), List.of(hosts));
    }

    /** What a cluster of one member has. */
    public Tls tls(String member, String... hosts) {
        return new Tls(certificate, Map.of(member, identity("EC", hosts)));
    }

    private Tls.Identity identity(String algorithm, Instant until, List<String> hosts) {
        KeyPair own = keys(algorithm);
        return new Tls.Identity(
                sign(new X500Name("CN=" + algorithm + " member"), own, false, hosts, until), new Secret(pkcs8(own)));
    }

    private static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            switch (algorithm) {
                case "EC" -> generator.initialize(256);
                case "RSA" -> generator.initialize(2048);
                default -> {
                    // Its size is its name's.
                }
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String sign(X500Name subject, KeyPair owner, boolean authority, List<String> hosts, Instant until) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    NAME,
                    BigInteger.valueOf(serial.getAndIncrement()),
                    Date.from(until.minus(HOUR.multipliedBy(2))),
                    Date.from(until),
                    subject,
                    owner.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!hosts.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(hosts.stream()
                                .map(host -> new GeneralName(
                                        host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, host))
                                .toArray(GeneralName[]::new)));
            }
            X509Certificate signed = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            return pem(signed);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pkcs8(KeyPair own) {
        try {
            return pem(new JcaPKCS8Generator(own.getPrivate(), null));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(what);
        }
        return text.toString();
    }
}
