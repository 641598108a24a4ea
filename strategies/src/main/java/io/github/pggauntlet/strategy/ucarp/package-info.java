/**
 * Streaming replication under a virtual address that ucarp passes between two machines.
 *
 * <p>On each machine run three supervised services:
 *
 * <ul>
 *   <li><b>ucarp</b> says which machine is the master of the address. Its scripts {@code vip-up} and {@code vip-down} only
 *       write that down, in {@code /run/gauntlet-ucarp/state}, and return at once: ucarp sends no advertisement while a
 *       script runs and does not look at its exit status (UCARP 1.5.2, {@code spawn.c}). {@code vip-down} also takes the
 *       address down, before anything else.
 *   <li><b>vipmon</b> is the only one to put the address up, and does so last of all, when PostgreSQL has taken a write. It
 *       gives the address away when PostgreSQL takes none any more, or when the agent wants it to.
 *   <li><b>the agent</b>, PostgreSQL's parent process, is that of {@link io.github.pggauntlet.strategy.streaming}: its
 *       decisions, its rejoin, its durability. What differs is its arbiter: to be master of the address is to have the
 *       lease. {@link io.github.pggauntlet.strategy.ucarp.AddressArbiter} makes an {@code Arbiter} of that.
 * </ul>
 *
 * <p>From master to primary: ucarp calls {@code vip-up}; the agent takes the lease, if
 * {@link io.github.pggauntlet.strategy.ucarp.PromotionRight} lets it, and promotes PostgreSQL; vipmon sees a write
 * acknowledged, adds the address and announces it (gratuitous ARP). Back: the address comes down; the agent sees that it is
 * not master any more, kills PostgreSQL, and finds the way back to the new primary by {@code RejoinPlanner}.
 *
 * <p>Two machines alone cannot tell a dead peer from a dead link, and ucarp does not try: whoever hears nothing becomes
 * master. What the two can still agree on, they agree on over the agents' own connection, and each keeps its half in a
 * {@link io.github.pggauntlet.strategy.ucarp.Ledger}. Under crashes, where a machine that does not answer is dead, that is
 * enough for no loss and one writer. Under a cut link it is not, and is not promised; a witness, an
 * {@link io.github.pggauntlet.strategy.arbiter.EtcdArbiter} under the same address, closes the gap; so does a fence device,
 * by which who goes on has switched the other machine off first.
 *
 * <p>The machines know each other, the address and the witness by {@link io.github.pggauntlet.strategy.Routes} alone.
 */
@NullMarked
package io.github.pggauntlet.strategy.ucarp;

import org.jspecify.annotations.NullMarked;
