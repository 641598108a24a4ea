package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Tls;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the certificates of one cluster. Its own key is never written anywhere and gone when it is. */
public final class CertificateAuthority {

    private static final X500Name NAME = new X500Name("CN=pg-gauntlet authority of one cluster");
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final Duration LIFE = Duration.ofDays(7);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int SERIAL_BITS = 96;

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final SecureRandom random = new SecureRandom();

    /** A new authority. */
    public CertificateAuthority() {
        try {
            keys = newKeys();
            certificate = sign(builder(NAME, keys)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("No certificate could be made.", e);
        }
    }

    /** Its own certificate, which everybody trusts, in PEM. */
    public String certificate() {
        try {
            return pem(certificate);
        } catch (IOException e) {
            throw new IllegalStateException("No certificate could be made.", e);
        }
    }

    /**
     * A certificate and its key.
     *
     * @param name whom they are made for
     * @param hosts the names and addresses by which that one is reached
     */
    public Tls.Identity identity(String name, Set<String> hosts) {
        try {
            KeyPair own = newKeys();
            X509Certificate signed = sign(builder(new X500Name("CN=" + name), own)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.subjectAlternativeName, false, names(hosts)));
            // The key in PKCS #8, which names its curve. In the older form, without the name, OpenSSL refuses it.
            return new Tls.Identity(pem(signed), new Secret(pem(new JcaPKCS8Generator(own.getPrivate(), null))));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("No certificate could be made.", e);
        }
    }

    /**
     * Certificates for members, each for every address by which somebody reaches its PostgreSQL or its agent.
     *
     * @param members the members' names
     * @param routes how the parties reach each other
     */
    public Tls certify(List<String> members, Routes routes) {
        Map<String, Tls.Identity> identities = new HashMap<>();
        members.forEach(member -> identities.put(member, identity(member, hosts(member, routes))));
        return new Tls(certificate(), identities);
    }

    private static Set<String> hosts(String member, Routes routes) {
        return routes.table().entrySet().stream()
                // Whoever has the virtual address answers for it.
                .filter(route ->
                        List.of(member, Routes.ADDRESS).contains(route.getKey().to()))
                .map(route -> route.getValue().host())
                .collect(Collectors.toSet());
    }

    private static GeneralNames names(Set<String> hosts) {
        return new GeneralNames(hosts.stream()
                .map(host -> new GeneralName(
                        host.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(X500Name subject, KeyPair owner) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                NAME,
                new BigInteger(SERIAL_BITS, random),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(LIFE)),
                subject,
                owner.getPublic());
    }

    private X509Certificate sign(X509v3CertificateBuilder builder)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate())));
    }

    private static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(what);
        }
        return text.toString();
    }
}
