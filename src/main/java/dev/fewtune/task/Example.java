package dev.fewtune.task;

import java.util.ArrayList;
import java.util.List;

/**
 * One example of a task.
 *
 * @param id stable over runs and samples, such as a synset's offset or {@code train.tsv:17}
 * @param second null where the task has one text
 * @param label the class name, the number as text for a regression, or the text that is to be written
 * @param more texts beyond two
 */
public record Example(String id, String first, String second, String label, List<String> more) {
    public Example {
        more = List.copyOf(more);
    }

    /** Of one or two texts. */
    public Example(String id, String first, String second, String label) {
        this(id, first, second, label, List.of());
    }

    /** All texts, in the order of the columns. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>(List.of(first));
        if (second != null) {
            texts.add(second);
        }
        texts.addAll(more);
        return texts;
    }
}
