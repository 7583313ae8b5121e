package dev.fewtune.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.text.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What {@code writing.json} beside a small network says that Transformers makes of some texts. */
final class Texts {
    private static final Path MODELS = Path.of("src/test/resources/models");

    private Texts() {}

    static FolderBackbone backbone(String model) {
        return FolderBackbone.open(model, MODELS.resolve(model));
    }

    static JsonNode expected(String model) throws IOException {
        return new ObjectMapper()
                .readTree(MODELS.resolve(model).resolve("writing.json").toFile());
    }

    /** Texts in one batch; those of one example are padded to those of the longest. */
    static Batch batch(List<int[]> sources, List<int[]> written, double... targets) {
        double[] classes = targets.length == 0 ? new double[sources.size()] : targets;
        List<String> ids =
                IntStream.range(0, sources.size()).mapToObj(String::valueOf).toList();
        List<Tokens> tokens = sources.stream()
                .map(source -> new Tokens(source, new int[source.length], false))
                .toList();
        int[] rows = IntStream.range(0, sources.size()).toArray();
        return Batch.of(new Encoded(ids, tokens, classes, written), rows);
    }

    static List<int[]> rows(JsonNode node) {
        List<int[]> rows = new ArrayList<>();
        node.forEach(row -> rows.add(ints(row)));
        return rows;
    }

    static int[] ints(JsonNode node) {
        int[] values = new int[node.size()];
        Arrays.setAll(values, i -> node.get(i).asInt());
        return values;
    }

    static double[] doubles(JsonNode node) {
        double[] values = new double[node.size()];
        Arrays.setAll(values, i -> node.get(i).asDouble());
        return values;
    }

    static int[] ended(int[] text, int end) {
        int[] ended = Arrays.copyOf(text, text.length + 1);
        ended[text.length] = end;
        return ended;
    }

    /** The words of a verbalizer. */
    static List<List<Integer>> words(List<int[]> words) {
        return words.stream().map(word -> IntStream.of(word).boxed().toList()).toList();
    }
}
