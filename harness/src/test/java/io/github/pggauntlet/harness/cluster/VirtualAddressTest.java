package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VirtualAddressTest {

    @Test
    void itLiesAtTheEndOfTheSubnetWhereTheEngineGivesNoAddresses() {
        assertThat(VirtualAddress.in("172.18.0.0", 16)).isEqualTo("172.18.255.250");
        assertThat(VirtualAddress.in("192.168.160.0", 20)).isEqualTo("192.168.175.250");
        assertThat(VirtualAddress.in("10.1.2.0", 28)).isEqualTo("10.1.2.10");
    }

    @Test
    void aSubnetWithoutRoomIsRefused() {
        assertThatThrownBy(() -> VirtualAddress.in("10.1.2.0", 30))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("has no room for a virtual address");
    }
}
