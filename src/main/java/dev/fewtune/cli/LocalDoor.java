package dev.fewtune.cli;

import dev.fewtune.leaderboard.BoardExports;
import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import dev.fewtune.step.RunBoard;
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
    public String board(long id, Format format) {
        return BoardExports.write(RunBoard.of(runs, id).board(), format);
    }
}
