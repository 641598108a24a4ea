/**
 * Turns the record of a run into what a person reads. Reads a run's folder alone: nothing here needs a cluster.
 */
@NullMarked
package io.github.pggauntlet.reports;

import org.jspecify.annotations.NullMarked;
