package dev.fewtune.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What is told about the data that a tokenize cell has made, read from the file that it left.
 *
 * @param labels names of the classes; empty for a regression and for texts
 * @param constant number of the most frequent class of train, or for a regression the mean of train
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DataCard(
        String task,
        String source,
        String metric,
        boolean regression,
        List<String> labels,
        int trainSize,
        int validationSize,
        int maxLength,
        double constant,
        List<String> notes) {
    /** Its path in the artifact. */
    static final String FILE = "dataset.json";

    /** The most frequent class of train. */
    public String majority() {
        return labels.get((int) constant);
    }
}
