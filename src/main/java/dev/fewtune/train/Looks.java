package dev.fewtune.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.graft.Source;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Writes what people may want to look at once a training with sources is over: {@code grids.json}, a list of {@link Grid}. */
final class Looks {
    static final String FILE = "grids.json";

    private static final int EXAMPLES = 24;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Looks() {}

    /**
     * @param learned what the training was given
     * @param out folder with {@code source.safetensors}
     */
    static void write(Learner<?> learner, List<Learned> learned, Encoded validation, Path out) {
        write(learned, weights(learner, learned, validation), out);
    }

    /** Similarities alone, of what the training in a folder was chosen among. */
    static void similarities(List<Learned> learned, Path out) {
        write(learned, List.of(), out);
    }

    private static void write(List<Learned> learned, List<Grid> weights, Path out) {
        try {
            Path file = out.resolve(SourceFile.NAME);
            Source own = SourceFile.read(Source.PROMPT, "own", file, SourceFile.checksum(file))
                    .source();
            List<Grid> grids = new ArrayList<>(Grid.similarities(learned, own, "learned here"));
            grids.addAll(weights);
            if (!grids.isEmpty()) {
                Files.write(out.resolve(FILE), JSON.writeValueAsBytes(grids));
            }
        } catch (IOException e) {
            throw new CellFailure(Cause.RESOURCE, "%s could not be written: %s".formatted(FILE, e.getMessage()), e);
        }
    }

    /** Of the first examples of validation. */
    private static List<Grid> weights(Learner<?> learner, List<Learned> learned, Encoded validation) {
        if (learner.model().vars().shown().isEmpty()) {
            return List.of();
        }
        int[] rows = IntStream.range(0, Math.min(EXAMPLES, validation.size())).toArray();
        Map<String, double[][]> shown = learner.show(Batch.of(validation, rows));
        List<Grid> grids = new ArrayList<>();
        shown.forEach((name, values) -> grids.add(new Grid(
                "Weights of %s, by example of validation".formatted(name),
                Arrays.stream(rows).mapToObj(validation.ids()::get).toList(),
                columns(learned, values[0].length),
                Arrays.stream(values)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                0,
                1)));
        return grids;
    }

    private static List<String> columns(List<Learned> learned, int count) {
        List<String> names = new ArrayList<>(learned.stream()
                .map(Learned::source)
                .filter(source -> source.kind().equals(Source.PROMPT))
                .map(Source::name)
                .toList());
        while (names.size() < count) {
            names.add("its own");
        }
        return names.subList(0, count);
    }
}
