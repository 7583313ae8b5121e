package dev.fewtune.leaderboard;

import java.util.List;
import java.util.Optional;

/** Tables of scores, one per backbone and task, in the order in which they first occur. */
public record Board(List<Table> tables) {
    public Board {
        tables = List.copyOf(tables);
    }

    /**
     * Makes the board. Scores whose comparability hashes differ never stand in one table.
     *
     * @param baseline name of the variant to which every row of its table is compared
     */
    public static Board of(List<Score> scores, Optional<String> baseline) {
        return new Board(Tables.of(scores, baseline));
    }
}
