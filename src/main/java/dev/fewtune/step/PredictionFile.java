package dev.fewtune.step;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fewtune.task.Example;
import dev.fewtune.train.Outputs;
import dev.fewtune.train.Predictor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One JSON line per example: its stable id, the right answer, the given answer and the raw outputs. */
final class PredictionFile {
    private static final ObjectWriter WRITER = Json.MAPPER
            .writerFor(Line.class)
            .without(SerializationFeature.INDENT_OUTPUT)
            .withRootValueSeparator("\n");

    record Line(String id, String label, String answer, double[] outputs) {}

    private PredictionFile() {}

    static void write(Path file, List<Example> examples, DatasetCard card, Predictor.Answer predictions)
            throws IOException {
        double[] answers = Outputs.predictions(predictions.outputs(), card.regression());
        try (BufferedWriter out = Files.newBufferedWriter(file);
                SequenceWriter lines = WRITER.writeValues(out)) {
            for (int i = 0; i < examples.size(); i++) {
                String answer = card.regression()
                        ? String.valueOf(answers[i])
                        : card.labels().get((int) answers[i]);
                Example example = examples.get(i);
                lines.write(new Line(
                        example.id(), example.label(), answer, predictions.outputs()[i]));
            }
        }
    }
}
