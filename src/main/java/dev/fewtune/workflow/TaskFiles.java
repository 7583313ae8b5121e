package dev.fewtune.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A task made from the user's own files.
 *
 * @param files absolute paths by split: train, and where given validation and test
 * @param text column names: one or two, or more where there is a template for them
 * @param label column name of the label
 * @param labels the legal labels in order; empty where they are found in train
 * @param metric such as accuracy, or null for the default of the label's type
 * @param template the name of a known template, or a template; empty where none is said
 * @param verbalizer the word that stands for each class, by label; empty where none is said
 * @param splits the rule by which files are split further; empty where none is said
 */
public record TaskFiles(
        String name,
        Map<String, String> files,
        List<String> text,
        String label,
        List<String> labels,
        String metric,
        String template,
        Map<String, String> verbalizer,
        String splits) {
    public TaskFiles {
        files = Map.copyOf(files);
        text = List.copyOf(text);
        labels = List.copyOf(labels);
        splits = splits == null ? "" : splits;
        template = template == null ? "" : template;
        verbalizer = verbalizer == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(verbalizer));
    }
}
