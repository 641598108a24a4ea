package io.github.pggauntlet.strategy.streaming;

import java.util.Set;

/** What an agent lets others know between its steps. Safe for use by several threads. */
final class Published {

    private Set<String> promotable = Set.of();
    private String note = "starting";
    private long openedTerm = -1;
    private long rewindReadyTerm = -1;
    private boolean quarantined;

    synchronized void set(Set<String> newPromotable, String newNote) {
        promotable = newPromotable;
        note = newNote;
    }

    synchronized void note(String newNote) {
        note = newNote;
    }

    synchronized void nowOpen(long term) {
        openedTerm = term;
    }

    synchronized void nowRewindReady(long term) {
        rewindReadyTerm = term;
    }

    synchronized void quarantined(boolean is) {
        quarantined = is;
    }

    synchronized Set<String> promotable() {
        return promotable;
    }

    synchronized String note() {
        return note;
    }

    synchronized boolean open(long term) {
        return openedTerm == term;
    }

    synchronized boolean rewindReady(long term) {
        return rewindReadyTerm == term;
    }

    synchronized boolean quarantined() {
        return quarantined;
    }
}
