package dev.fewtune.task;

/**
 * One example of a task.
 *
 * @param id stable over runs and samples, such as a synset's offset or {@code train.tsv:17}
 * @param second null where the task has one text
 * @param label the class name, or the number as text for a regression
 */
public record Example(String id, String first, String second, String label) {}
