package io.github.pggauntlet.harness.run;

/** The cluster did not come to the state that the story needs to go on. What that means is for the checkers to say. */
public final class StoryStuck extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoryStuck(String message) {
        super(message);
    }
}
