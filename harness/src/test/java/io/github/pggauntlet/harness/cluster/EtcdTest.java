package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class EtcdTest {

    private static final List<String> THREE = List.of("arbiter", "arbiter1", "arbiter2");

    @Test
    void withoutTlsNothingIsSaidOfCertificates() {
        assertThat(Etcd.flags("arbiter", List.of("arbiter"), false))
                .contains("--listen-client-urls=http://0.0.0.0:2379")
                .noneMatch(flag -> flag.contains("https") || flag.contains("cert") || flag.contains("tls"));
    }

    @Test
    void withTlsClientsComeByHttpsAloneAndShowACertificate() {
        assertThat(Etcd.flags("arbiter", List.of("arbiter"), true))
                .contains(
                        "--listen-client-urls=https://0.0.0.0:2379",
                        "--advertise-client-urls=https://arbiter:2379",
                        "--client-cert-auth",
                        "--trusted-ca-file=/etc/gauntlet-etcd/authority.pem",
                        "--cert-file=/etc/gauntlet-etcd/certificate.pem",
                        "--key-file=/etc/gauntlet-etcd/key.pem",
                        "--tls-min-version=TLS1.3")
                // Nobody but itself reaches the port for peers that it has not.
                .contains("--listen-peer-urls=http://127.0.0.1:2380")
                .noneMatch(flag -> flag.startsWith("--peer-"));
    }

    @Test
    void severalSpeakTlsAmongThemselvesToo() {
        List<String> flags = Etcd.flags("arbiter1", THREE, true);

        assertThat(flags)
                .contains(
                        "--peer-client-cert-auth",
                        "--peer-trusted-ca-file=/etc/gauntlet-etcd/authority.pem",
                        "--initial-cluster=arbiter=https://arbiter:2380,arbiter1=https://arbiter1:2380,arbiter2=https://arbiter2:2380")
                .noneMatch(flag -> flag.contains("http://"));
    }

    @Test
    void theirFilesAreForTheirOwnerAlone() throws IOException {
        CertificateAuthority authority = new CertificateAuthority();
        Tls.Identity own = authority.identity("arbiter", Set.of("arbiter"));
        Map<String, String> files = new HashMap<>();
        try (TarArchiveInputStream archive =
                new TarArchiveInputStream(new ByteArrayInputStream(Etcd.files(authority.certificate(), own)))) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                assertThat(entry.getMode() & 0777).as(entry.getName()).isEqualTo(0600);
                assertThat(entry.getLongUserId()).isZero();
                files.put(
                        Etcd.ROOT + "/" + entry.getName(),
                        new String(archive.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }

        assertThat(files.get("/etc/gauntlet-etcd/key.pem")).isEqualTo(own.key().reveal());
        for (String name : files.keySet()) {
            assertThat(Etcd.flags("arbiter", List.of("arbiter"), true)).anyMatch(flag -> flag.endsWith("=" + name));
        }
        assertThat(files).hasSize(3);
    }
}
