package dev.fewtune.cli;

import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import dev.fewtune.workflow.PlannedCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The runs of this process. */
record LocalDoor(Runs runs) implements Door {
    @Override
    public long submit(Submission submission) {
        return runs.submit(submission.plan(), submission.yaml(), System.getProperty("user.name"), null);
    }

    @Override
    public RunView run(long id) {
        return runs.run(id);
    }

    @Override
    public List<RunView> runs(int limit) {
        return runs.list(null, null, null, limit);
    }

    @Override
    public List<CellView> failed(long id) {
        return runs.cells(id, null, CellState.FAILED, null, null, 20);
    }

    @Override
    public void cancel(long id) {
        runs.cancel(id, System.getProperty("user.name"));
    }

    @Override
    public void retry(long id, int ordinal) {
        if (ordinal < 0) {
            runs.retryFailed(id, System.getProperty("user.name"));
            return;
        }
        runs.retry(id, ordinal, System.getProperty("user.name"));
    }

    @Override
    public String board(long id, String extension) {
        StringBuilder text = new StringBuilder();
        for (PlannedCell cell : runs.plan(id).cells()) {
            if (cell.kind().equals("aggregate")) {
                runs.artifact(id, cell.ordinal(), "board." + extension).ifPresent(file -> text.append(read(file)));
            }
        }
        if (text.isEmpty()) {
            throw new Runs.NotAllowed("Run %s has no board yet.".formatted(id));
        }
        return text.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
