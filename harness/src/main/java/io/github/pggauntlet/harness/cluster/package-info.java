/**
 * Real machines for a cluster: containers on one network, every directed link between them through a proxy of its own.
 *
 * <p>{@link io.github.pggauntlet.harness.cluster.Engine} is the door to the container engine,
 * {@link io.github.pggauntlet.harness.cluster.TestCluster} what is built through it. Everything created carries
 * {@linkplain io.github.pggauntlet.harness.cluster.Ownership labels} that say whose it is, and
 * {@link io.github.pggauntlet.harness.cluster.Sweep} removes what a dead process has left behind.
 */
@NullMarked
package io.github.pggauntlet.harness.cluster;

import org.jspecify.annotations.NullMarked;
