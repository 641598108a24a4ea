package io.github.pggauntlet.strategy;

import java.time.Duration;

/**
 * When a member takes a virtual address over, as the arithmetic of its protocol has it.
 *
 * @param member the member
 * @param soonest the soonest after the other member's last sign of life could have been given
 * @param latest the latest
 */
public record AddressTime(String member, Duration soonest, Duration latest) {}
