package io.github.pggauntlet.harness.cluster;

/** Prints what the start of a cluster spends its time on. */
final class StartupMain {

    private StartupMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws InterruptedException {
        Images images = Images.find();
        try (Engine engine = Engine.connect(images)) {
            for (int i = 0; i < 5; i++) {
                long from = System.nanoTime();
                TestCluster cluster = TestCluster.start(engine, images, Topology.of(2, 17));
                long started = System.nanoTime();
                System.out.println(cluster.startup());
                cluster.close();
                System.out.println("start " + (started - from) / 1_000_000 + " ms, close "
                        + (System.nanoTime() - started) / 1_000_000 + " ms");
            }
        }
    }
}
