package dev.fewtune.step;

import dev.fewtune.leaderboard.Board;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.leaderboard.Table;
import dev.fewtune.run.Runs;
import dev.fewtune.workflow.PlannedCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The board of a run.
 *
 * @param complete false where it holds the scores so far, because no aggregate step has made a board
 */
public record RunBoard(Board board, boolean complete) {
    /** @throws Runs.UnknownRun where there is no such run */
    public static RunBoard of(Runs runs, long run) {
        List<Table> tables = new ArrayList<>();
        Optional<String> baseline = Optional.empty();
        for (PlannedCell cell : runs.plan(run).cells()) {
            if (!cell.kind().equals(Aggregate.SPEC.kind())) {
                continue;
            }
            baseline = Optional.ofNullable(cell.settings().get("baseline")).map(Object::toString);
            Optional<Path> file = runs.artifact(run, cell.ordinal(), ScoreFile.NAME);
            if (file.isPresent()) {
                tables.addAll(Board.of(read(file.get()), baseline).tables());
            }
        }
        if (!tables.isEmpty()) {
            return new RunBoard(new Board(tables), true);
        }
        return new RunBoard(Board.of(soFar(runs, run), baseline), false);
    }

    /** The latest score of each evaluated cell. */
    public static List<Score> soFar(Runs runs, long run) {
        return runs.scores(run).stream().map(ScoreFile::parse).toList();
    }

    private static List<Score> read(Path file) {
        try {
            return ScoreFile.read(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
