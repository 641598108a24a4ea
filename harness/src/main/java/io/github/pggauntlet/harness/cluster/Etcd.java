package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Tls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How an arbiter runs etcd, as one of several that make one cluster. */
final class Etcd {

    /** Where the files of {@link #files} are to be unpacked. */
    static final String ROOT = "/etc";

    private static final String DIRECTORY = "gauntlet-etcd";
    private static final String AUTHORITY = DIRECTORY + "/authority.pem";
    private static final String CERTIFICATE = DIRECTORY + "/certificate.pem";
    private static final String KEY = DIRECTORY + "/key.pem";
    private static final int PEERS = 2380;
    private static final int PRIVATE = 0600;

    private Etcd() {}

    /**
     * etcd's flags.
     *
     * @param name the arbiter's name, by which the others reach it
     * @param all the names of all arbiters
     * @param tls whether clients and the other arbiters must speak TLS and show a certificate of the authority
     */
    static List<String> flags(String name, List<String> all, boolean tls) {
        String scheme = tls ? "https://" : "http://";
        String clients = ":" + Links.port(Service.ARBITER);
        boolean alone = all.size() == 1;
        // Who is alone has no peers, and listens for them where nobody else can come.
        String own = alone ? "http://127.0.0.1:" + PEERS : scheme + name + ":" + PEERS;
        String cluster = alone
                ? name + "=" + own
                : all.stream()
                        .map(each -> each + "=" + scheme + each + ":" + PEERS)
                        .collect(Collectors.joining(","));
        List<String> flags = new ArrayList<>(List.of(
                "--name=" + name,
                "--data-dir=/var/lib/etcd/gauntlet",
                "--listen-client-urls=" + scheme + "0.0.0.0" + clients,
                "--advertise-client-urls=" + scheme + name + clients,
                "--listen-peer-urls=" + (alone ? own : scheme + "0.0.0.0:" + PEERS),
                "--initial-advertise-peer-urls=" + own,
                "--initial-cluster=" + cluster,
                // In the field a lease store has a disk of its own; here it shares one with all the servers, whose
                // flushes would hold up its own, and so the leases. Its process may be killed, its computer never is:
                // what it wrote stays in the page cache.
                "--unsafe-no-fsync",
                // The shortest lease that etcd grants is one and a half election timeouts.
                "--heartbeat-interval=50",
                "--election-timeout=500"));
        if (tls) {
            flags.add("--tls-min-version=TLS1.3");
            flags.addAll(material(""));
            if (!alone) {
                flags.addAll(material("peer-"));
            }
        }
        return List.copyOf(flags);
    }

    private static List<String> material(String whose) {
        return List.of(
                "--" + whose + "client-cert-auth",
                "--" + whose + "trusted-ca-file=" + ROOT + "/" + AUTHORITY,
                "--" + whose + "cert-file=" + ROOT + "/" + CERTIFICATE,
                "--" + whose + "key-file=" + ROOT + "/" + KEY);
    }

    /**
     * What the flags name, as an archive of files that their owner alone may read.
     *
     * @param authority the certificate of the authority, in PEM
     * @param own the arbiter's
     */
    static byte[] files(String authority, Tls.Identity own) {
        return new TarFile()
                .file(AUTHORITY, bytes(authority), PRIVATE)
                .file(CERTIFICATE, bytes(own.certificate()), PRIVATE)
                .file(KEY, bytes(own.key().reveal()), PRIVATE)
                .bytes();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
