package io.github.pggauntlet.strategy.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs, on this machine. */
class ProgramFencerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private FenceProgram program(String script, Duration limit) throws IOException {
        Path file = directory.resolve("fence");
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new FenceProgram(List.of(file.toString(), "--cell", "7"), limit, Duration.ZERO);
    }

    private static Proof prove(FenceProgram program, String member) throws InterruptedException {
        return new ProgramFencer(program, new LocalHost("here", "localhost")).proveDead(member);
    }

    @Test
    void statusZeroIsAProof() throws Exception {
        Proof proof = prove(program("echo \"$3 in cell $2 is off\"", LONG), "machine1");

        assertThat(proof)
                .isInstanceOfSatisfying(
                        Proof.Dead.class,
                        dead -> assertThat(dead.evidence()).endsWith("has confirmed it: machine1 in cell 7 is off"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 137})
    void anyOtherStatusProvesNothing(int status) throws Exception {
        Proof proof = prove(program("echo the board does not answer >&2; exit " + status, LONG), "machine1");

        assertThat(proof)
                .isInstanceOfSatisfying(
                        Proof.NotProven.class,
                        open -> assertThat(open.why())
                                .endsWith("ended with status " + status + ": the board does not answer"));
    }

    @Test
    void aProgramThatIsNotThereProvesNothing() throws Exception {
        Proof proof = prove(FenceProgram.of(directory.resolve("nothing").toString()), "machine1");

        assertThat(proof)
                .isInstanceOfSatisfying(
                        Proof.NotProven.class, open -> assertThat(open.why()).contains("could not be started"));
    }

    @Test
    void aProgramThatTakesTooLongProvesNothingAndIsKilled() throws Exception {
        Path pid = directory.resolve("pid");
        Proof proof = prove(program("echo $$ >" + pid + "; exec sleep 300", Duration.ofMillis(1500)), "machine1");

        assertThat(proof)
                .isInstanceOfSatisfying(
                        Proof.NotProven.class, open -> assertThat(open.why()).contains("did not end"));
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(process -> assertThat(process.onExit().orTimeout(30, java.util.concurrent.TimeUnit.SECONDS))
                        .succeedsWithin(LONG));
    }

    @Test
    void theNameIsAnArgumentAndNoShellReadsIt() throws Exception {
        ScriptedHost host = new ScriptedHost();

        new ProgramFencer(FenceProgram.of("/usr/sbin/fence", "-o"), host).proveDead("a; reboot");

        assertThat(host.doings()).containsExactly("/usr/sbin/fence -o a; reboot");
        Proof proof = prove(program("[ $# -eq 3 ] && [ \"$3\" = 'a; exit 1' ]", LONG), "a; exit 1");
        assertThat(proof).isInstanceOf(Proof.Dead.class);
    }

    @Test
    void aProgramIsGivenByItsPathAndHasATime() {
        assertThatThrownBy(() -> FenceProgram.of("ipmitool"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absolute path")
                .hasMessageContaining("'ipmitool'");
        assertThatThrownBy(FenceProgram::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FenceProgram(List.of("/x"), Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FenceProgram(List.of("/x"), LONG, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
