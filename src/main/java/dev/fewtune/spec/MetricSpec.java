package dev.fewtune.spec;

/**
 * What is known about a metric.
 *
 * @param name the identifier in YAML, such as {@code accuracy}
 * @param regression whether it compares numbers; else it compares classes
 */
public record MetricSpec(String name, boolean regression) {}
