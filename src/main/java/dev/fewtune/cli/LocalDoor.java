package dev.fewtune.cli;

import dev.fewtune.leaderboard.BoardExports;
import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import dev.fewtune.step.Merged;
import dev.fewtune.step.PeftFiles;
import dev.fewtune.step.RunBoard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The runs of this process. */
record LocalDoor(Runs runs, Merged merged) implements Door {
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
    public Map<String, byte[]> adapter(long id, int ordinal) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String path : PeftFiles.among(runs.cell(id, ordinal).files().keySet())) {
            try {
                files.put(
                        path.substring(PeftFiles.BEFORE.length()),
                        Files.readAllBytes(runs.artifact(id, ordinal, path).orElseThrow()));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return files;
    }

    @Override
    public void merged(long id, int ordinal, Path folder) throws IOException {
        runs.cell(id, ordinal);
        merged.write(name -> runs.artifact(id, ordinal, name), folder);
    }

    @Override
    public String board(long id, Format format) {
        return BoardExports.write(RunBoard.of(runs, id).board(), format);
    }
}
