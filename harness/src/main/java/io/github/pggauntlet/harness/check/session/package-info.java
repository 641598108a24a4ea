/** What sessions that read from standbys, too, may expect: their own writes, time that does not run backwards, one history. */
@NullMarked
package io.github.pggauntlet.harness.check.session;

import org.jspecify.annotations.NullMarked;
