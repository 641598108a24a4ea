package io.github.pggauntlet.strategy.drbd;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a disk tells which writes it has seen: every time its data begins to go a way of its own, the disk gets a new number and
 * keeps the earlier ones. What follows for two disks is what DRBD itself concludes ({@code drbd_receiver.c},
 * {@code drbd_uuid_compare}), without its special cases for crashes in the middle of a handshake.
 *
 * @param current the data's number; 0 for a disk that has just been made
 * @param bitmap the number it had when it began to note what the other one lacks; 0 if it does not
 * @param history earlier numbers, the latest first
 */
public record GenerationIds(long current, long bitmap, List<Long> history) {

    /** What DRBD writes for a disk on which nobody has ever agreed. */
    private static final long JUST_CREATED = 4;

    private static final Pattern SEPARATOR = Pattern.compile(":");
    private static final int NUMBERS = 4;

    public GenerationIds {
        history = List.copyOf(history);
    }

    /** How the data of two disks is related. */
    public enum Relation {
        /** It is the same. */
        SAME,
        /** The disk here has all that the other one has, and more. */
        HERE_IS_NEWER,
        /** The other disk has all that the one here has, and more. */
        THERE_IS_NEWER,
        /** Each has something that the other one lacks. */
        SPLIT_BRAIN,
        /** They have nothing in common. */
        UNRELATED
    }

    /**
     * Reads what {@code drbdadm get-gi} writes: four numbers in hexadecimal and some flags, with colons between them.
     *
     * @throws IllegalArgumentException if it is nothing of the kind
     */
    public static GenerationIds parse(String text) {
        String[] parts = SEPARATOR.split(text.strip());
        if (parts.length < NUMBERS) {
            throw new IllegalArgumentException("DRBD's generations are four numbers, not '" + text.strip() + "'.");
        }
        List<Long> numbers = new ArrayList<>();
        for (String part : List.of(parts).subList(0, NUMBERS)) {
            try {
                numbers.add(withoutRole(Long.parseUnsignedLong(part, 16)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("DRBD's generations are numbers, not '" + text.strip() + "'.", e);
            }
        }
        return new GenerationIds(numbers.get(0), numbers.get(1), numbers.subList(2, NUMBERS));
    }

    /** The lowest bit says only whether the machine was primary. */
    private static long withoutRole(long number) {
        return number & ~1L;
    }

    /** How this disk is related to that of the other machine. */
    public Relation relatedTo(GenerationIds there) {
        if (isFresh() && there.isFresh()) {
            return Relation.SAME;
        }
        if (isFresh()) {
            return Relation.THERE_IS_NEWER;
        }
        if (there.isFresh()) {
            return Relation.HERE_IS_NEWER;
        }
        if (current == there.current) {
            return Relation.SAME;
        }
        if (bitmap == there.current || history.contains(there.current)) {
            return Relation.HERE_IS_NEWER;
        }
        if (there.bitmap == current || there.history.contains(current)) {
            return Relation.THERE_IS_NEWER;
        }
        return past().stream().anyMatch(there.past()::contains) ? Relation.SPLIT_BRAIN : Relation.UNRELATED;
    }

    private boolean isFresh() {
        return current == 0 || current == JUST_CREATED;
    }

    /** What it has been, as far as it is noted. */
    private List<Long> past() {
        List<Long> past = new ArrayList<>(history);
        past.add(bitmap);
        past.removeIf(number -> number == 0);
        return past;
    }
}
