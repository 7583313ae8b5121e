package dev.fewtune.spec;

import java.util.List;

/**
 * What is known about a built-in task before its data are made.
 *
 * @param name the identifier in YAML, such as {@code wordnet-supersense}
 * @param labels class names in the order of their numbers; empty for a regression
 * @param texts one or two, the number of texts in an example
 * @param note what a reader of a score must know, or an empty text
 */
public record TaskSpec(
        String name,
        String title,
        String source,
        String licence,
        String metric,
        List<String> labels,
        int texts,
        String note) {
    public TaskSpec {
        labels = List.copyOf(labels);
    }
}
