package dev.fewtune.step;

import java.util.List;

/**
 * What a tokenize cell made, kept beside the token rows as {@code dataset.json}.
 *
 * @param taskIdentity hash of the data's source
 * @param labels class names in the order of their numbers; empty for a regression
 * @param maxLength in tokens, special tokens included
 * @param maxTestSamples how many test examples evaluate may take; 0 for all
 * @param dataSeed of the fixed samples
 * @param truncated how many texts of train and validation were cut
 * @param majorityLabel the most frequent class of train; null for a regression
 */
record DatasetCard(
        String backbone,
        String task,
        String taskIdentity,
        String source,
        String metric,
        boolean regression,
        List<String> labels,
        int maxLength,
        int trainSize,
        int validationSize,
        int maxTrainSamples,
        int maxTestSamples,
        long dataSeed,
        int truncated,
        String majorityLabel,
        List<String> notes) {
    static final String FILE = "dataset.json";

    DatasetCard {
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
    }

    int outputs() {
        return regression ? 1 : labels.size();
    }
}
