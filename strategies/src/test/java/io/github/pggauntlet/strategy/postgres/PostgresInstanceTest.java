package io.github.pggauntlet.strategy.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import io.github.pggauntlet.strategy.postgres.ControlData.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresInstanceTest {

    private static final PostgresLayout LAYOUT = new PostgresLayout("/base");
    private static final ConnectionInfo SOURCE = new ConnectionInfo(Map.of("host", "machine1"));

    private final ScriptedHost host = new ScriptedHost();
    private final PostgresInstance instance = new PostgresInstance(host, LAYOUT, "postgres", 1);

    @Test
    void controlDataAreRead() throws InterruptedException {
        host.answer("pg_controldata --pgdata=/base/data", 0, Resources.text("pg18/shut-down.txt"), "");

        assertThat(instance.control().state()).isEqualTo(State.SHUT_DOWN);
    }

    /** pg_controldata ends with status 0 on a damaged file; newer versions say so on standard error only. */
    @Test
    void damagedControlDataAreAnError() {
        host.answer("pg_controldata", 0, Resources.text("pg17/damaged.txt"), Resources.text("pg17/damaged-errors.txt"));

        assertThatThrownBy(instance::control)
                .isInstanceOf(HostException.class)
                .hasMessageContaining("scripted")
                .hasMessageContaining("damaged");
    }

    @Test
    void theShutdownCheckpointEndsWhereItsRecordDoes() throws InterruptedException {
        host.answer("pg_waldump", 0, lastLine(Resources.text("pg17/waldump-tail.txt")), "");

        assertThat(instance.endOfShutdownCheckpoint(control(State.SHUT_DOWN, "0/1400350", 1, "0/0", 0)))
                .contains(Lsn.parse("0/14003C8"));
        assertThat(host.doing("pg_waldump"))
                .isEqualTo("pg_waldump --path=/base/data/pg_wal --start=0/1400350 --limit=1"
                        + " 000000010000000000000014 000000010000000000000014");
    }

    /** One that PostgreSQL has made in advance is full of zeros, and pg_waldump chokes on it if it happens on it first. */
    @Test
    void pgWaldumpIsToldWhichFilesToRead() throws InterruptedException {
        host.answer("pg_waldump", 0, lastLine(Resources.text("pg17/waldump-tail.txt")), "");
        host.answer("ls /base/data/pg_wal", 0, """
                000000010000000000000013
                000000020000000000000017
                000000010000000000000016
                000000010000000000000015
                000000010000000000000014
                00000002.history
                archive_status
                """, "");

        assertThat(instance.endOfShutdownCheckpoint(control(State.SHUT_DOWN, "0/1400350", 1, "0/0", 0)))
                .isPresent();
        assertThat(host.doing("pg_waldump")).endsWith(" 000000010000000000000014 000000010000000000000016");
    }

    @Test
    void whatIsNoShutdownCheckpointOrNotReadableIsNone() throws InterruptedException {
        ControlData clean = control(State.SHUT_DOWN, "0/1400350", 1, "0/0", 0);
        host.answer("pg_waldump", 0, Resources.text("pg17/waldump-tail.txt").split("\n")[0], "");
        assertThat(instance.endOfShutdownCheckpoint(clean)).isEmpty();
        host.answer("pg_waldump", 1, "", "pg_waldump: error: could not find file");
        assertThat(instance.endOfShutdownCheckpoint(clean)).isEmpty();
        assertThat(instance.endOfShutdownCheckpoint(control(State.IN_PRODUCTION, "0/1400350", 1, "0/0", 0)))
                .isEmpty();
    }

    /** pg_waldump ends with status 1 where the WAL ends. */
    @Test
    void theWalEndsWhereItsLastRecordDoes() throws InterruptedException {
        host.answer("pg_waldump", 1, Resources.text("pg17/waldump-tail.txt"), "pg_waldump: error: invalid record");

        assertThat(instance.endOfWal(
                        control(State.IN_ARCHIVE_RECOVERY, "0/13FDE00", 1, "0/13FE238", 1), TimelineHistory.first()))
                .contains(Lsn.parse("0/14003C8"));
        assertThat(host.doing("pg_waldump")).contains("--start=0/13FDE00 000000010000000000000013");
    }

    @Test
    void walThatCannotBeReadHasNoKnownEnd() throws InterruptedException {
        host.answer("pg_waldump", 1, "", "pg_waldump: error: could not find file");

        assertThat(instance.endOfWal(
                        control(State.IN_ARCHIVE_RECOVERY, "0/13FDE00", 1, "0/13FE238", 1), TimelineHistory.first()))
                .isEmpty();
    }

    /** Its last restart point lies on timeline 1, but it has replayed, and written out, something of timeline 2. */
    @Test
    void aStandbyThatHasGoneOnToALaterTimelineIsLookedAtThere() throws InterruptedException {
        ControlData control = control(State.IN_ARCHIVE_RECOVERY, "0/13FD000", 1, "0/13FDE00", 2);
        TimelineHistory second = TimelineHistory.parse(2, "1\t0/13FD800\tx");
        host.answer("pg_waldump", 1, Resources.text("pg17/waldump-tail.txt"), "");

        assertThat(instance.endOfWal(control, second)).contains(Lsn.parse("0/14003C8"));
        assertThat(host.doing("pg_waldump")).contains("--start=0/13FDE00 000000020000000000000013");

        host.answer("pg_waldump", 1, "", "pg_waldump: error: could not find a valid record after 0/13FDE00");
        assertThat(instance.endOfWal(control, second)).contains(Lsn.parse("0/13FDE00"));
    }

    /** It has received WAL of a timeline that its control file does not know of yet. */
    @Test
    void aTimelineThatOnlyTheWalKnowsIsLookedAtFromItsBeginning() throws InterruptedException {
        ControlData control = control(State.IN_ARCHIVE_RECOVERY, "0/13FD000", 1, "0/13FD200", 1);
        TimelineHistory second = TimelineHistory.parse(2, "1\t0/13FD800\tx");
        host.answer("pg_waldump", 1, Resources.text("pg17/waldump-tail.txt"), "");

        assertThat(instance.endOfWal(control, second)).contains(Lsn.parse("0/14003C8"));
        assertThat(host.doing("pg_waldump")).contains("--start=0/13FD800 000000020000000000000013");

        host.answer("pg_waldump", 1, "", "pg_waldump: error: could not find file");
        assertThat(instance.endOfWal(control, second)).contains(Lsn.parse("0/13FD800"));
    }

    @Test
    void theFarthestTimelineIsThatOfAnyFileThatBelongsToOne() throws InterruptedException {
        ControlData control = control(State.IN_ARCHIVE_RECOVERY, "0/13FD000", 1, "0/13FD200", 2);
        assertThat(instance.farthestTimeline(control)).isEqualTo(2);
        host.answer(
                "ls /base/data/pg_wal",
                0,
                "000000010000000000000013\n00000003.history\n000000FF0000000000000013.partial\narchive_status\n",
                "");
        assertThat(instance.farthestTimeline(control)).isEqualTo(3);
        host.answer("ls", 0, "0000001A0000000000000013\n00000003.history\n", "");
        assertThat(instance.farthestTimeline(control)).isEqualTo(0x1A);
    }

    @Test
    void historiesAreReadFromTheirFilesExceptTheFirst() throws InterruptedException {
        host.file(
                "/base/data/pg_wal/00000003.history",
                Resources.text("pg17/00000003.history").getBytes(UTF_8));

        assertThat(instance.history(1)).isEqualTo(TimelineHistory.first());
        assertThat(instance.history(3).contains(2)).isTrue();
        assertThatThrownBy(() -> instance.history(2)).isInstanceOf(HostException.class);
    }

    /** Until the work is known to be whole the mark stays; so a rewind that is cut short is known as such. */
    @Test
    void aRewindIsMarkedBeforeItBeginsAndUntilItIsConfirmed() throws InterruptedException {
        host.answer("pg_rewind", 1, "", "pg_rewind: error: could not connect");

        assertThatThrownBy(() -> instance.rewind(SOURCE))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("could not connect");

        assertThat(host.doings()).hasSize(3);
        assertThat(host.doings().get(0)).startsWith("put " + LAYOUT.rewindSentinel());
        // "standby mode is not supported by single-user servers": a crashed standby could never be rewound.
        assertThat(host.doings().get(1)).isEqualTo("rm -f /base/data/standby.signal");
        assertThat(host.doings().get(2)).startsWith("pg_rewind ");
        instance.confirmWhole();
        assertThat(host.doings()).contains("rm -f " + LAYOUT.rewindSentinel());
    }

    /** The programs are told not to flush what they write file by file, so it has to be done before anything rests on it. */
    @Test
    void newDataAreDurableBeforeTheyTakeTheirPlace() throws InterruptedException {
        host.answer("pg_controldata", 0, Resources.text("pg17/shut-down.txt"), "");
        instance.initialize("boss", "hush");
        assertThat(host.doings())
                .containsSubsequence(
                        host.doing("initdb"),
                        "sync --file-system /base/data.draft",
                        "put /base/data.unrecorded postgres 600",
                        "mv -T /base/data.draft /base/data",
                        "sync /base/data/..");

        instance.rewind(SOURCE);
        assertThat(host.doings()).containsSubsequence(host.doing("pg_rewind"), "sync --file-system /base/data");
    }

    @Test
    void whatWasInitialisedIsUnrecordedUntilItIsKnownToBeOnRecord() throws InterruptedException {
        host.answer("pg_controldata", 0, Resources.text("pg17/shut-down.txt"), "");
        instance.initialize("boss", "hush");
        assertThat(instance.unrecorded()).isTrue();

        instance.recorded();
        assertThat(host.doings()).containsSubsequence("rm -f /base/data.unrecorded", "sync /base");
        host.answer("test -s /base/data.unrecorded", 1, "", "");
        assertThat(instance.unrecorded()).isFalse();
    }

    @Test
    void otherDataThanThoseInitialisedAreNotTakenForThem() throws InterruptedException {
        host.answer("pg_controldata", 0, Resources.text("pg17/shut-down.txt"), "");
        host.file("/base/data.unrecorded", "7".getBytes(UTF_8));

        assertThat(instance.unrecorded()).isFalse();
    }

    @Test
    void whatAnInitialisationThatWasNeverRecordedHasLeftIsKeptAside() throws InterruptedException {
        host.answer("pg_controldata", 0, Resources.text("pg17/shut-down.txt"), "");
        instance.initialize("boss", "hush");
        int before = host.doings().size();
        instance.initialize("boss", "hush");

        List<String> doings = host.doings().subList(before, host.doings().size());
        String aside = doings.stream()
                .filter(doing -> doing.startsWith("mv -T /base/data /base/data.replaced"))
                .findFirst()
                .orElseThrow();
        // Were it named anew before that is for good, nobody would know after a crash what these data are.
        assertThat(doings).containsSubsequence(aside, "sync /base", "put /base/data.unrecorded postgres 600");
    }

    @Test
    void aNewClusterTakesNoOtherDatasPlace() {
        host.answer("pg_controldata", 0, Resources.text("pg17/shut-down.txt"), "");
        host.answer("test -s /base/data.unrecorded", 1, "", "");
        host.answer("find /base/data -maxdepth", 0, "/base/data/PG_VERSION\n", "");

        assertThatThrownBy(() -> instance.initialize("boss", "hush"))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("no record of");
        assertThat(host.doings()).noneMatch(doing -> doing.startsWith("mv"));
    }

    @Test
    void aRewindTakesAwayTheSlotsThatWereHere() throws InterruptedException {
        host.answer("pg_rewind", 0, "", "pg_rewind: servers diverged at 0/1\npg_rewind: Done!\n");

        assertThat(instance.rewind(SOURCE)).isEqualTo("pg_rewind: Done!");
        assertThat(host.doing("find")).isEqualTo("find /base/data/pg_replslot -mindepth 1 -delete");
    }

    @Test
    void aCopyThatFailsLeavesWhatIsHere() {
        host.answer("pg_basebackup", 1, "", "pg_basebackup: error: no space");

        assertThatThrownBy(() -> instance.copy(SOURCE, "slot", 0, "why")).isInstanceOf(HostException.class);
        assertThat(host.doings()).noneMatch(doing -> doing.startsWith("mv"));
    }

    @Test
    void aCopyTakesThePlaceOfWhatIsPutAside() throws InterruptedException {
        host.answer("find /base/data -maxdepth", 0, "/base/data/PG_VERSION\n", "");

        instance.copy(SOURCE, "slot", 0, "pg_rewind has failed");

        assertThat(host.doings())
                .containsSubsequence(
                        "rm -rf /base/data.draft",
                        "sync --file-system /base/data.draft",
                        host.doing("mv -T /base/data /base/data.replaced-"),
                        "mv -T /base/data.draft /base/data",
                        "sync /base/data/..",
                        "rm -f " + LAYOUT.rewindSentinel());
        assertThat(host.doing("mv -T /base/data ")).endsWith("-pg-rewind-has-failed");
        assertThat(host.doing("pg_basebackup")).contains("--slot=slot").contains("--wal-method=stream");
    }

    /** A copy that is cut short never lies where PostgreSQL is started. */
    @Test
    void aCopyIsMadeBesideAndOnlyTheWholeOneIsPutInPlace() throws InterruptedException {
        instance.copy(SOURCE, "slot", 0, "why");

        assertThat(host.doing("pg_basebackup")).contains("--pgdata=/base/data.draft");
        assertThat(host.doings())
                .containsSubsequence(
                        host.doing("pg_basebackup"),
                        "sync --file-system /base/data.draft",
                        "mv -T /base/data.draft /base/data");
    }

    @Test
    void whatIsWrongWithADirectoryIsTold() throws InterruptedException {
        host.answer("pg_controldata", 0, Resources.text("pg17/shut-down.txt"), "");
        assertThat(instance.damage()).isEmpty();

        host.answer("pg_controldata", 0, Resources.text("pg17/damaged.txt"), Resources.text("pg17/damaged-errors.txt"));
        assertThat(instance.damage().orElseThrow()).contains("damaged");

        host.answer("test -e /base/data/global/pg_control", 1, "", "");
        assertThat(instance.damage()).contains("it has no global/pg_control");

        host.answer("test -e /base/data/PG_VERSION", 1, "", "");
        assertThat(instance.damage()).contains("it has no PG_VERSION");
    }

    @Test
    void anEmptyDirectoryIsNone() throws InterruptedException {
        assertThat(instance.exists()).isFalse();
        host.answer("find /base/data -maxdepth", 0, "/base/data/lost+found\n", "");
        assertThat(instance.exists()).isTrue();
    }

    @Test
    void noPasswordIsLeftWhenTheDataCannotBeCreated() {
        host.answer("initdb", 1, "", "initdb: error: no space");

        assertThatThrownBy(() -> instance.initialize("boss", "hush"))
                .isInstanceOf(HostException.class)
                .hasMessageNotContaining("hush");
        assertThat(host.doings().get(host.doings().size() - 1)).isEqualTo("rm -f /base/memory/new-password");
        assertThat(host.doings()).noneMatch(doing -> doing.contains("hush"));
    }

    @Test
    void settingsAreQuotedAndTheRolesFileHasTheLastWord() throws InterruptedException {
        instance.configure(
                Map.of("cluster_name", "it's", "hba_file", "/elsewhere"), List.of("local all all trust"), "passwords");

        String written = new String(host.get(LAYOUT.configurationFile()), UTF_8);
        assertThat(written.lines())
                .containsExactly(
                        "cluster_name = 'it''s'",
                        "hba_file = '/base/conf/pg_hba.conf'",
                        "unix_socket_directories = '/base/run'",
                        "include '/base/conf/role.conf'");
        assertThat(host.doings()).contains("put /base/conf/pgpass postgres 600");
    }

    @Test
    void marksTellWhichWayWasGone() {
        PostgresInstance.Marks crashed = new PostgresInstance.Marks("7", "", false);
        PostgresInstance.Marks stopped = new PostgresInstance.Marks("7", "", true);

        assertThat(PostgresInstance.Marks.evidence(stopped, stopped)).startsWith("follow: ");
        assertThat(PostgresInstance.Marks.evidence(crashed, crashed)).startsWith("recover: ");
        assertThat(PostgresInstance.Marks.evidence(crashed, new PostgresInstance.Marks("8", "", false)))
                .startsWith("copy: ");
        assertThat(PostgresInstance.Marks.evidence(
                        crashed, new PostgresInstance.Marks("7", "2026 BACKUP METHOD: pg_rewind", false)))
                .startsWith("rewind: ");
        assertThat(PostgresInstance.Marks.evidence(
                        crashed, new PostgresInstance.Marks("7", "2026 BACKUP METHOD: streamed", false)))
                .startsWith("unknown: ");
    }

    private static String lastLine(String text) {
        String[] lines = text.split("\n");
        return lines[lines.length - 1];
    }

    private static ControlData control(State state, String checkpoint, int timeline, String end, int endTimeline) {
        return new ControlData(
                "1", state, Lsn.parse(checkpoint), timeline, Lsn.parse(end), endTimeline, true, true, true, 1 << 20);
    }
}
