package dev.fewtune.cli;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Shows one state of a run after the other, the last one for ever. */
final class FakeDoor implements Door {
    private final Deque<RunView> states;

    FakeDoor(RunView... states) {
        this.states = new ArrayDeque<>(List.of(states));
    }

    @Override
    public long submit(Submission submission) {
        return 7;
    }

    @Override
    public RunView run(long id) {
        return states.size() > 1 ? states.remove() : states.peek();
    }

    @Override
    public List<RunView> runs(int limit) {
        return List.copyOf(states);
    }

    @Override
    public List<CellView> failed(long id) {
        return List.of();
    }

    @Override
    public void cancel(long id) {
        states.clear();
    }

    @Override
    public void retry(long id, int ordinal) {
        throw new UnsupportedOperationException("Nothing fails behind this door.");
    }

    @Override
    public Map<String, byte[]> adapter(long id, int ordinal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void merged(long id, int ordinal, Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String board(long id, Format format) {
        return "the board as %s\n".formatted(format.label());
    }
}
