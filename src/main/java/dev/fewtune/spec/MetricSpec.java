package dev.fewtune.spec;

/**
 * What is known about a metric.
 *
 * @param name the identifier in YAML, such as {@code accuracy}
 * @param compares what it is for
 */
public record MetricSpec(String name, Labels compares) {
    /** What the labels of a task are. */
    public enum Labels {
        CLASSES("classes"),
        NUMBERS("numbers"),
        TEXTS("texts to be written");

        private final String says;

        Labels(String says) {
            this.says = says;
        }

        @Override
        public String toString() {
            return says;
        }
    }
}
