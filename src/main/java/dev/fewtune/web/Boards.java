package dev.fewtune.web;

import dev.fewtune.leaderboard.Board;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.leaderboard.Table;
import dev.fewtune.run.Runs;
import dev.fewtune.step.ScoreFile;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlannedCell;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Boards of runs: made by their aggregate cells, or of the scores so far. */
@Singleton
public class Boards {
    private static final String AGGREGATE = "aggregate";
    private final Runs runs;

    Boards(Runs runs) {
        this.runs = runs;
    }

    /** @param note what the scores lack, or null */
    private record Standing(List<Score> scores, String note) {}

    /** One run: a board for each of its aggregate cells that stands, else the scores so far. */
    Board of(long run) {
        List<PlannedCell> cells = aggregates(run);
        List<Table> tables = new ArrayList<>();
        for (PlannedCell cell : cells) {
            made(run, cell)
                    .ifPresent(scores ->
                            tables.addAll(Board.of(scores, baseline(cell)).tables()));
        }
        if (!tables.isEmpty()) {
            return new Board(tables);
        }
        Standing soFar = soFar(run, cells.isEmpty());
        Optional<String> baseline = cells.stream().findFirst().flatMap(Boards::baseline);
        return noting(Board.of(soFar.scores(), baseline), List.of(soFar.note()));
    }

    /** Scores of several runs on one board. */
    Board across(List<Long> ids) {
        List<Standing> all = ids.stream().distinct().map(this::standing).toList();
        List<Score> scores =
                all.stream().flatMap(standing -> standing.scores().stream()).toList();
        List<String> notes =
                all.stream().map(Standing::note).filter(Objects::nonNull).toList();
        return noting(Board.of(scores, Optional.empty()), notes);
    }

    private Standing standing(long run) {
        List<PlannedCell> cells = aggregates(run);
        List<Score> made = cells.stream()
                .flatMap(cell -> made(run, cell).stream())
                .flatMap(List::stream)
                .distinct()
                .toList();
        return made.isEmpty() ? soFar(run, cells.isEmpty()) : new Standing(made, null);
    }

    private Standing soFar(long run, boolean never) {
        String note = never
                ? "Run %d has no aggregate step, so there is no control row tfidf-linear.".formatted(run)
                : "Run %d has not made its board; the control row tfidf-linear comes with it.".formatted(run);
        return new Standing(runs.scores(run).stream().map(ScoreFile::parse).toList(), note);
    }

    private List<PlannedCell> aggregates(long run) {
        Plan plan = runs.plan(run);
        return plan.cells().stream()
                .filter(cell -> cell.kind().equals(AGGREGATE))
                .toList();
    }

    /** The scores of an aggregate cell that ended well and was not started again since. */
    private Optional<List<Score>> made(long run, PlannedCell cell) {
        return Optional.of(runs.cell(run, cell.ordinal()))
                .filter(view -> view.state().usable())
                .flatMap(view -> runs.artifact(run, cell.ordinal(), ScoreFile.NAME))
                .map(Boards::read);
    }

    private static Optional<String> baseline(PlannedCell cell) {
        return Optional.ofNullable(cell.settings().get("baseline")).map(Object::toString);
    }

    private static List<Score> read(Path file) {
        try {
            return ScoreFile.read(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Board noting(Board board, List<String> notes) {
        return new Board(
                board.tables().stream().map(table -> noting(table, notes)).toList());
    }

    private static Table noting(Table table, List<String> notes) {
        return new Table(
                table.backbone(),
                table.task(),
                table.split(),
                table.metric(),
                table.comparability(),
                table.trainSize(),
                table.validationSize(),
                table.testSize(),
                table.majority(),
                table.standardError(),
                table.baseline(),
                table.rows(),
                Stream.concat(table.notes().stream(), notes.stream()).toList());
    }
}
