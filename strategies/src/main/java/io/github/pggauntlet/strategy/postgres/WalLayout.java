package io.github.pggauntlet.strategy.postgres;

import java.util.Locale;

/**
 * Where WAL records lie within pages and segments ({@code src/include/access/xlog_internal.h}): pages of 8 KiB, each with
 * a header, the first page of a segment with a longer one; records aligned to 8 bytes.
 */
public final class WalLayout {

    private static final int PAGE = 8192;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;
    private static final int ALIGNMENT = 8;
    private static final long ID = 1L << 32;

    /** How many digits of a segment file's name are its timeline. */
    static final int TIMELINE_DIGITS = 8;

    private WalLayout() {}

    /**
     * The end of a record: where the next one starts, except that a record which ends exactly on a page's end ends there
     * and not after the next page's header. It is this position that a timeline history names when the record was the
     * last one on its timeline.
     *
     * @param start where the record starts
     * @param totalLength the record's total length in bytes, as {@code pg_waldump} prints it in {@code len (rec/tot)}
     * @param segmentSize the size of a WAL segment in bytes
     */
    public static Lsn endOfRecord(Lsn start, int totalLength, int segmentSize) {
        long position = start.value();
        long left = (totalLength + ALIGNMENT - 1L) / ALIGNMENT * ALIGNMENT;
        while (true) {
            long room = PAGE - Long.remainderUnsigned(position, PAGE);
            if (left <= room) {
                return new Lsn(position + left);
            }
            left -= room;
            position += room;
            position += Long.remainderUnsigned(position, segmentSize) == 0 ? LONG_HEADER : SHORT_HEADER;
        }
    }

    /**
     * The name of the file that holds a position.
     *
     * @param timeline the timeline
     * @param position the position
     * @param segmentSize the size of a WAL segment in bytes
     */
    public static String fileName(int timeline, Lsn position, int segmentSize) {
        long segment = Long.divideUnsigned(position.value(), segmentSize);
        long perId = ID / segmentSize;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, segment / perId, segment % perId);
    }
}
