package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalvageTest {

    private static final Instant TIME = Instant.parse("2026-11-25T09:30:00Z");

    @TempDir
    Path base;

    private Salvage salvage(int kept) {
        return new Salvage(new LocalHost("here", "localhost"), new PostgresLayout(base.toString()), kept);
    }

    private Path data(String content) throws IOException {
        Path data = Files.createDirectory(base.resolve("data"));
        Files.writeString(data.resolve("content"), content);
        return data;
    }

    @Test
    void theNameTellsWhenAndWhy() throws Exception {
        data("first");

        assertThat(salvage(1).putAside(TIME, "It was a primary, and pg_rewind has failed!"))
                .isEmpty();

        Path kept = base.resolve("data.replaced-20261125T093000.000Z-it-was-a-primary-and-pg-rewind-has-failed");
        assertThat(kept.resolve("content")).hasContent("first");
        assertThat(base.resolve("data")).doesNotExist();
    }

    @Test
    void onlyTheLatestAreKeptAndWhatWasDroppedIsSaid() throws Exception {
        Salvage salvage = salvage(2);
        for (int i = 0; i < 4; i++) {
            data("no. " + i);
            List<String> dropped = salvage.putAside(TIME.plusSeconds(i), "why");
            assertThat(dropped)
                    .hasSize(i < 2 ? 0 : 1)
                    .allSatisfy(name -> assertThat(Path.of(name)).doesNotExist());
        }

        assertThat(salvage.list()).hasSize(2);
        assertThat(Path.of(salvage.list().get(0), "content")).hasContent("no. 2");
    }

    @Test
    void noneAreKeptIfNoneShallBe() throws Exception {
        data("first");

        assertThat(salvage(0).putAside(TIME, "why")).hasSize(1);
        assertThat(salvage(0).list()).isEmpty();
    }

    @Test
    void nothingIsDroppedWhileThereIsRoom() throws Exception {
        data("now");
        Files.createDirectory(base.resolve("data.replaced-1"));

        assertThat(salvage(1).makeRoom(1)).isEmpty();
        assertThat(base.resolve("data.replaced-1")).exists();
    }

    /** The oldest first; and what would not make enough room either is not dropped for nothing. */
    @Test
    void whatCannotMakeEnoughRoomIsLeft() throws Exception {
        data("now");
        Files.createDirectory(base.resolve("data.replaced-1"));
        Files.createDirectory(base.resolve("data.replaced-2"));

        assertThat(salvage(2).makeRoom(Long.MAX_VALUE))
                .containsExactly(base + "/data.replaced-1", base + "/data.replaced-2");
        assertThat(base.resolve("data/content")).exists();
    }

    @Test
    void asALastResortTheDirectoryThatIsReplacedGivesWay() throws Exception {
        ScriptedHost host =
                new ScriptedHost().answer("df", 0, "Avail\n1000\n", "").answer("du", 0, "5000\t/base/data\n", "");

        assertThat(new Salvage(host, new PostgresLayout("/base"), 1).makeRoom(6000))
                .containsExactly("/base/data");
        assertThat(host.doings()).contains("rm -rf /base/data");
        assertThat(new Salvage(host, new PostgresLayout("/base"), 1).makeRoom(6001))
                .isEmpty();
    }
}
