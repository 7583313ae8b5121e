package dev.fewtune.leaderboard;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rows that may be compared: same backbone, task, split, metric and comparability hash.
 *
 * @param majority score of one answer for all: the most frequent class of train, or the mean of its numbers; absent where
 *     nothing was scored
 * @param standardError of one score, from the size of test: sqrt(p(1-p)/n) at the best mean p; only for accuracy
 * @param baseline name of the row that {@link Row#overBaseline()} refers to; absent where none was asked for or found
 * @param rows best mean first (the smallest for mse), rows without a score last; the majority stands in its place as a row of its own
 * @param notes on the table as a whole
 */
public record Table(
        String backbone,
        String task,
        String split,
        String metric,
        String comparability,
        int trainSize,
        int validationSize,
        int testSize,
        OptionalDouble majority,
        OptionalDouble standardError,
        Optional<String> baseline,
        List<Row> rows,
        List<String> notes) {
    public Table {
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }

    public Optional<Row> find(String variant) {
        return rows.stream().filter(row -> row.variant().equals(variant)).findFirst();
    }
}
