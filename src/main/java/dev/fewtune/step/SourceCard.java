package dev.fewtune.step;

import java.util.List;
import java.util.Map;

/**
 * What others can start from, kept beside its tensors as {@code source.json}.
 *
 * @param kind prompt, or shared
 * @param name of the task of a prompt, or of the method of what is shared
 * @param tasks on which it was learned
 * @param methodSettings as given
 * @param backboneHash of the content of the model
 * @param width of a state of the model
 * @param length rows of the prompt; 0 where there is none
 * @param objective what the model was asked for
 * @param seed of the training
 * @param score on validation
 * @param checksum SHA-256 of the tensors
 */
record SourceCard(
        String kind,
        String name,
        List<String> tasks,
        String method,
        Map<String, Object> methodSettings,
        String backbone,
        String backboneHash,
        int width,
        long length,
        String objective,
        String template,
        int maxLength,
        long seed,
        String metric,
        double score,
        String checksum) {
    static final String FILE = "source.json";

    SourceCard {
        tasks = List.copyOf(tasks);
        methodSettings = Map.copyOf(methodSettings);
    }
}
