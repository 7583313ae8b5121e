package dev.fewtune.step;

import dev.fewtune.task.Example;
import dev.fewtune.task.FewShot;
import dev.fewtune.task.Task;
import java.util.List;

/**
 * What a tokenize cell made, kept beside the token rows as {@code dataset.json}.
 *
 * @param backboneHash of the content of the model
 * @param taskIdentity hash of what train and validation are made of
 * @param labels class names in the order of their numbers; empty for a regression and for texts
 * @param maxLength in tokens, special tokens included
 * @param maxTrainSamples how many examples of train are taken; 0 for all; the same for validation and test
 * @param dataSeed of the fixed samples
 * @param truncated how many texts of train and validation were cut
 * @param constant the best answer that is the same for all: number of the most frequent class of train, or for a
 *     regression the mean of train; NaN where the labels are texts
 * @param asking how the examples are put to the model
 * @param shots the few examples that train is; null where it is not few-shot
 */
record DatasetCard(
        String backbone,
        String backboneHash,
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
        int maxValidationSamples,
        int maxTestSamples,
        long dataSeed,
        int truncated,
        double constant,
        List<String> notes,
        Asking asking,
        FewShot shots) {
    static final String FILE = "dataset.json";

    DatasetCard {
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
        asking = asking == null ? Asking.head(List.of()) : asking;
    }

    /** The examples that are trained on. */
    List<Example> train(Task data) {
        return shots == null ? data.sample("train", maxTrainSamples, dataSeed) : shots.take(data);
    }

    /** How many examples of a split are taken; 0 for all. */
    int maxSamples(String split) {
        return switch (split) {
            case "train" -> maxTrainSamples;
            case "validation" -> maxValidationSamples;
            default -> maxTestSamples;
        };
    }

    int outputs() {
        return labels.isEmpty() ? 1 : labels.size();
    }
}
