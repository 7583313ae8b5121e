package dev.fewtune.train;

import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers in rows and columns, for people.
 *
 * @param values [rows][columns]
 * @param low end of the scale
 * @param high end of the scale
 */
public record Grid(
        String title, List<String> rows, List<String> columns, List<List<Double>> values, double low, double high) {
    public Grid {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        values = values.stream().map(List::copyOf).toList();
    }

    /**
     * How alike prompts are, by both similarities.
     *
     * @param learned prompts of earlier steps, among other things
     * @param own what was learned from them here
     * @param name of that
     */
    static List<Grid> similarities(List<Learned> learned, Source own, String name) {
        List<String> names = new ArrayList<>();
        List<Made> prompts = new ArrayList<>();
        learned.stream().map(Learned::source).filter(Grid::isPrompt).forEach(source -> {
            names.add(source.name());
            prompts.add(source.rows());
        });
        if (own.has(Source.ROWS)) {
            names.add(name);
            prompts.add(own.rows());
        }
        if (names.size() < 2) {
            return List.of();
        }
        return List.of(
                similarity("Cosine of the prompts' mean rows", Similarity.MEANS, names, prompts),
                similarity("Mean cosine of all pairs of the prompts' rows", Similarity.PAIRS, names, prompts));
    }

    private static boolean isPrompt(Source source) {
        return source.kind().equals(Source.PROMPT);
    }

    private static Grid similarity(String title, String kind, List<String> names, List<Made> prompts) {
        List<List<Double>> values = prompts.stream()
                .map(one -> prompts.stream()
                        .map(other -> Similarity.of(kind, one, other))
                        .toList())
                .toList();
        return new Grid(title, names, names, values, -1, 1);
    }
}
