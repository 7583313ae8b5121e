package dev.fewtune.cli;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The few things that commands ask of a server, in this process or in another one. */
interface Door {
    /** @return the number of the run */
    long submit(Submission submission);

    RunView run(long id);

    List<RunView> runs(int limit);

    List<CellView> failed(long id);

    void cancel(long id);

    /** @param ordinal of a cell, or -1 for all that failed */
    void retry(long id, int ordinal);

    /**
     * The files of the folder that a cell has made for PEFT, by their names in it.
     *
     * @throws RuntimeException with a sentence where there is none
     */
    Map<String, byte[]> adapter(long id, int ordinal);

    /**
     * Writes the network with what a cell has trained in its weights into a folder that is not there, whole or not at all.
     *
     * @throws RuntimeException with a sentence where it cannot be done
     */
    void merged(long id, int ordinal, Path folder) throws IOException;

    /** The board, or where no step has made one, the scores so far. */
    String board(long id, Format format);
}
