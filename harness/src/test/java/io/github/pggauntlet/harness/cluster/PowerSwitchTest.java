package io.github.pggauntlet.harness.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerSwitchTest {

    @Test
    void ordersAreReadLineByLineHoweverTheyArrive() throws IOException {
        List<String> lines = new ArrayList<>();
        try (PowerSwitch.Lines reader = new PowerSwitch.Lines(lines::add)) {
            for (String piece : List.of("17-1 mach", "ine0\n18-2 machine1\n19", "-3 machine0", "\n")) {
                reader.onNext(new Frame(StreamType.STDOUT, piece.getBytes(UTF_8)));
            }
        }
        assertThat(lines).containsExactly("17-1 machine0", "18-2 machine1", "19-3 machine0");
    }
}
