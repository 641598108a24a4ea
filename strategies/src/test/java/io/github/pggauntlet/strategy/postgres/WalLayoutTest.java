package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Held against every record of a real cluster: where one ends, the next one starts. */
class WalLayoutTest {

    private static final int SEGMENT = 1 << 20;
    private static final int PAGE = 8192;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;

    private record WalRecord(Lsn start, int length, String kind) {
        Lsn end() {
            return WalLayout.endOfRecord(start, length, SEGMENT);
        }
    }

    @Test
    void whereARecordEndsTheNextOneStarts() {
        List<WalRecord> records = records();
        for (int i = 1; i < records.size(); i++) {
            Lsn end = records.get(i - 1).end();
            assertThat(records.get(i).start())
                    .as("after %s", records.get(i - 1))
                    .isEqualTo(new Lsn(end.value() + headerAt(end)));
        }
    }

    /** The test above is worth what its material is worth. */
    @Test
    void theMaterialHoldsAllCasesThereAre() {
        List<WalRecord> records = records();
        assertThat(records).filteredOn(WalLayoutTest::crossesPage).hasSizeGreaterThan(100);
        assertThat(records).filteredOn(WalLayoutTest::crossesSegment).hasSizeGreaterThan(3);
        assertThat(records)
                .filteredOn(one -> headerAt(one.end()) == SHORT_HEADER)
                .hasSizeGreaterThan(10);
        assertThat(records)
                .filteredOn(one -> headerAt(one.end()) == LONG_HEADER)
                .hasSizeGreaterThan(3);
        assertThat(records)
                .filteredOn(one -> one.kind().equals("CHECKPOINT_SHUTDOWN"))
                .hasSizeGreaterThan(12);
        assertThat(records).filteredOn(one -> one.length() % 8 != 0).isNotEmpty();
    }

    private static boolean crossesPage(WalRecord one) {
        return one.start().value() / PAGE != (one.end().value() - 1) / PAGE;
    }

    private static boolean crossesSegment(WalRecord one) {
        return one.start().value() / SEGMENT != (one.end().value() - 1) / SEGMENT;
    }

    /** The length of the header that stands at a position. */
    private static int headerAt(Lsn position) {
        if (position.value() % SEGMENT == 0) {
            return LONG_HEADER;
        }
        return position.value() % PAGE == 0 ? SHORT_HEADER : 0;
    }

    private static List<WalRecord> records() {
        List<WalRecord> records = new ArrayList<>();
        for (String line : Resources.text("wal-records.txt").split("\n")) {
            if (!line.startsWith("#")) {
                String[] fields = line.split(" ");
                records.add(new WalRecord(Lsn.parse(fields[0]), Integer.parseInt(fields[1]), fields[2]));
            }
        }
        return records;
    }

    /** As pg_walfile_name() answers, with segments of 1 and of 16 MiB. */
    @Test
    void filesAreNamedAfterTimelineAndPosition() {
        assertThat(WalLayout.fileName(1, Lsn.parse("0/6E3068"), SEGMENT)).isEqualTo("000000010000000000000006");
        assertThat(WalLayout.fileName(7, Lsn.parse("0/3FD2D80"), 16 << 20)).isEqualTo("000000070000000000000003");
        assertThat(WalLayout.fileName(26, Lsn.parse("A/FF000000"), 16 << 20)).isEqualTo("0000001A0000000A000000FF");
        assertThat(WalLayout.fileName(1, Lsn.parse("FFFFFFFF/FFF00000"), SEGMENT))
                .isEqualTo("00000001FFFFFFFF00000FFF");
    }
}
