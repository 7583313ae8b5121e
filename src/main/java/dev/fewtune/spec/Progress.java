package dev.fewtune.spec;

/** What a step tells while it runs. Cheap to call often; throttled by the receiver. */
public interface Progress {
    /** Work done out of all work, in any unit. */
    void at(long done, long total);

    /** One line for the log of the attempt. */
    void log(String line);

    /** One point of a curve, such as {@code loss} at optimizer step 40. */
    void metric(String name, long step, double value);

    /** @throws CancelledException where the step should stop; called between training steps */
    void check();

    /** Discards everything and never cancels. */
    Progress SILENT = new Progress() {
        @Override
        public void at(long done, long total) {}

        @Override
        public void log(String line) {}

        @Override
        public void metric(String name, long step, double value) {}

        @Override
        public void check() {}
    };
}
