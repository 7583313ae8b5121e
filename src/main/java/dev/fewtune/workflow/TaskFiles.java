package dev.fewtune.workflow;

import java.util.List;
import java.util.Map;

/**
 * A task made from the user's own files.
 *
 * @param files absolute paths by split: train, and where given validation and test
 * @param text one or two column names
 * @param label column name of the label
 * @param labels the legal labels in order; empty where they are found in train
 * @param metric such as accuracy, or null for the default of the label's type
 */
public record TaskFiles(
        String name, Map<String, String> files, List<String> text, String label, List<String> labels, String metric) {
    public TaskFiles {
        files = Map.copyOf(files);
        text = List.copyOf(text);
        labels = List.copyOf(labels);
    }
}
