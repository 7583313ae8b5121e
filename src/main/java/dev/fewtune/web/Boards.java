package dev.fewtune.web;

import dev.fewtune.leaderboard.Board;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.leaderboard.Table;
import dev.fewtune.run.Runs;
import dev.fewtune.step.ScoreFile;
import dev.fewtune.workflow.PlannedCell;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Boards of runs. */
@Singleton
public class Boards {
    private final Runs runs;

    Boards(Runs runs) {
        this.runs = runs;
    }

    /** @param complete false where the scores so far are shown, because no board is made yet */
    record Shown(Board board, boolean complete) {}

    Shown of(long run) {
        List<Table> tables = new ArrayList<>();
        Optional<String> baseline = Optional.empty();
        for (PlannedCell cell : runs.plan(run).cells()) {
            if (!cell.kind().equals("aggregate")) {
                continue;
            }
            baseline = Optional.ofNullable(cell.settings().get("baseline")).map(Object::toString);
            Optional<Path> file = runs.artifact(run, cell.ordinal(), ScoreFile.NAME);
            if (file.isPresent()) {
                tables.addAll(Board.of(read(file.get()), baseline).tables());
            }
        }
        if (!tables.isEmpty()) {
            return new Shown(new Board(tables), true);
        }
        return new Shown(Board.of(soFar(run), baseline), false);
    }

    /** Scores of several runs on one board. */
    Board across(List<Long> ids) {
        return Board.of(ids.stream().flatMap(id -> soFar(id).stream()).toList(), Optional.empty());
    }

    private List<Score> soFar(long run) {
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
