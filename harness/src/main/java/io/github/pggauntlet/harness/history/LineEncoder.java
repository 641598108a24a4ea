package io.github.pggauntlet.harness.history;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON objects, one a line, into a buffer. Hand-written because it stands in the way of every write of the workload
 * and must cost far less than one: no object is made for a line. Not safe for use by several threads.
 */
final class LineEncoder {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = 20;

    private byte[] buffer;
    private int used;
    private boolean first = true;

    LineEncoder(int capacity) {
        buffer = new byte[capacity];
    }

    int size() {
        return used;
    }

    /** Hands the lines so far to {@code out} and forgets them, also if that fails. */
    void drainTo(OutputStream out) throws IOException {
        int length = used;
        used = 0;
        out.write(buffer, 0, length);
    }

    /** Forgets what was encoded after {@code size}. */
    void truncate(int size) {
        used = size;
        first = true;
    }

    LineEncoder begin() {
        separate();
        raw('{');
        first = true;
        return this;
    }

    LineEncoder begin(String name) {
        name(name);
        raw('{');
        first = true;
        return this;
    }

    LineEncoder beginArray(String name) {
        name(name);
        raw('[');
        first = true;
        return this;
    }

    LineEncoder end() {
        raw('}');
        first = false;
        return this;
    }

    LineEncoder endArray() {
        raw(']');
        first = false;
        return this;
    }

    /** Ends the line. */
    void endLine() {
        raw('\n');
        first = true;
    }

    LineEncoder add(String value) {
        separate();
        string(value);
        return this;
    }

    LineEncoder add(long value) {
        separate();
        number(value);
        return this;
    }

    LineEncoder put(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    /** Leaves the field away if there is nothing to say. */
    LineEncoder putUnlessEmpty(String name, String value) {
        return value.isEmpty() ? this : put(name, value);
    }

    LineEncoder put(String name, long value) {
        name(name);
        number(value);
        return this;
    }

    LineEncoder put(String name, boolean value) {
        name(name);
        ascii(value ? "true" : "false");
        return this;
    }

    private void name(String name) {
        separate();
        raw('"');
        ascii(name);
        raw('"');
        raw(':');
    }

    private void separate() {
        if (first) {
            first = false;
        } else {
            raw(',');
        }
    }

    private void raw(int b) {
        room(1);
        buffer[used++] = (byte) b;
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[used++] = (byte) text.charAt(i);
        }
    }

    private void number(long value) {
        if (value < 0) {
            ascii(Long.toString(value));
            return;
        }
        room(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = used + digits - 1; at >= used; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
    }

    private void string(String text) {
        raw('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                raw('\\');
                raw(c);
            } else if (c < FIRST_PRINTABLE) {
                control(c);
            } else if (c < 0x80) {
                raw(c);
            } else {
                i += wide(text, i);
            }
        }
        raw('"');
    }

    private void control(char c) {
        ascii("\\u00");
        raw(HEX[c >> 4]);
        raw(HEX[c & 0xF]);
    }

    /** Writes the code point at {@code i} as UTF-8; half a surrogate pair becomes U+FFFD. Returns the chars taken beyond one. */
    private int wide(String text, int i) {
        int codePoint = text.codePointAt(i);
        int extra = Character.charCount(codePoint) - 1;
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            codePoint = 0xFFFD;
        }
        byte[] encoded = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        room(encoded.length);
        System.arraycopy(encoded, 0, buffer, used, encoded.length);
        used += encoded.length;
        return extra;
    }

    private void room(int bytes) {
        if (used + bytes > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, used + bytes));
        }
    }
}
