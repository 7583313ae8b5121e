package dev.fewtune.spec;

import java.util.List;

/**
 * What is known about a method before it runs.
 *
 * @param name the identifier in YAML, such as {@code lora}
 * @param citation authors, title, venue, and where the formula comes from
 * @param url the paper
 * @param learningRate the learning rate where a workflow gives none
 * @param startsAtBase whether the network computes the pretrained function before the first step
 * @param settings the method's own settings
 */
public record MethodSpec(
        String name,
        String title,
        String citation,
        String url,
        double learningRate,
        boolean startsAtBase,
        List<Setting> settings) {
    public MethodSpec {
        settings = List.copyOf(settings);
        if (learningRate <= 0) {
            throw new IllegalArgumentException(
                    "The learning rate (%s) of %s must be above 0.".formatted(learningRate, name));
        }
    }
}
