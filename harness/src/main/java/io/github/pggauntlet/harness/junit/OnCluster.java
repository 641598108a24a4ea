package io.github.pggauntlet.harness.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a cluster on which a strategy is installed: its tests, its constructor and its methods for the beginning and
 * the end of a test may have a parameter of type {@link Bed}. The cluster is built before the first story, is reset between
 * stories, and is removed after the last test of the class.
 *
 * <pre>{@code
 * @OnCluster(strategy = "streaming", machines = 2)
 * class OurFailoverIT {
 *
 *     @Test
 *     void losesNothing(Bed bed) throws InterruptedException {
 *         bed.requireKept(schedule);
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
public @interface OnCluster {

    /** The strategy's name. */
    String strategy() default "streaming";

    /** What an acknowledged COMMIT has survived: {@code async}, {@code sync}, {@code strict} or {@code quorum}. */
    String durability() default "sync";

    /** How many machines carry PostgreSQL. */
    int machines() default 2;

    /** How many arbiters stand beside them. */
    int arbiters() default 1;

    /** PostgreSQL's major version. */
    int postgres() default 17;

    /** How many client sessions write. */
    int sessions() default 8;

    /** Writes a second by all sessions together at most; 0 for as many as they can. */
    double rate() default 500;

    /** The folder for what is recorded, with one folder in it for each class. */
    String folder() default "target/gauntlet";
}
