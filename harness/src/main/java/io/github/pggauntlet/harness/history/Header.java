package io.github.pggauntlet.harness.history;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * The first line of a record.
 *
 * @param anchor how the run's time relates to the wall clock
 */
record Header(TimeAnchor anchor) {

    static final String HISTORY = "pg-gauntlet history";
    static final String EVENTS = "pg-gauntlet events";

    /** To be raised when a reader of the present version would misread what is written. */
    static final int VERSION = 1;

    void encode(LineEncoder line, String format) {
        line.begin()
                .put("format", format)
                .put("version", VERSION)
                .put("startedAt", anchor.startedAt().toString())
                .end();
    }

    static Header decode(Fields fields, String format) {
        String found = fields.textOr("format", "");
        if (!found.equals(format)) {
            throw new IllegalArgumentException(
                    "this is not a record of the kind '" + format + "': its first line does not say so.");
        }
        long version = fields.number("version");
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "the record has format version " + version + "; this program reads version " + VERSION + ".");
        }
        try {
            return new Header(new TimeAnchor(Instant.parse(fields.text("startedAt"))));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the field 'startedAt' is not an instant.", e);
        }
    }
}
