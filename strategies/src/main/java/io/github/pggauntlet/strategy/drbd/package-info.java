/**
 * DRBD under one PostgreSQL: a disk that two machines keep alike, used by one of them at a time.
 *
 * <p>Pure are {@link io.github.pggauntlet.strategy.drbd.DrbdConfig}, which renders and reads a resource file,
 * {@link io.github.pggauntlet.strategy.drbd.DrbdStatus} and {@link io.github.pggauntlet.strategy.drbd.GenerationIds}, which
 * read what DRBD says of itself, and {@link io.github.pggauntlet.strategy.drbd.DrbdRules}, which decides.
 * {@link io.github.pggauntlet.strategy.drbd.DrbdResource} acts, through a
 * {@link io.github.pggauntlet.strategy.host.Host}.
 *
 * <p>All of it is for DRBD 8.4, the one in the mainline kernel: two machines, no quorum, no promotion by itself.
 */
@NullMarked
package io.github.pggauntlet.strategy.drbd;

import org.jspecify.annotations.NullMarked;
