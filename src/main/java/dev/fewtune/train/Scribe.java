package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Writes texts, a token of each at a time. */
final class Scribe<T extends TFloating> {
    /** The past has room for a multiple of so many tokens, so that its shape seldom changes. */
    private static final int SLOTS = 16;

    private final Session session;
    private final Writing<T> writing;

    Scribe(Session session, Writing<T> writing) {
        this.session = session;
        this.writing = writing;
    }

    /**
     * What is found for each text of a batch, the best first.
     *
     * @param between called before each token; what it throws ends the writing
     */
    List<List<Search.Found>> write(Batch batch, Runnable between) {
        List<Search> all = IntStream.range(0, batch.rows().length)
                .mapToObj(row -> writing.search())
                .toList();
        try (State state = new State(batch, all)) {
            for (int count = 0; !state.open.isEmpty(); count++) {
                between.run();
                state.step(count);
            }
        }
        return all.stream().map(Search::found).toList();
    }

    /** What is kept between two tokens. */
    private final class State implements AutoCloseable {
        private Kept memory;
        private Kept past;
        private int slots = SLOTS;
        /** The searches that have rows, finished ones among them. */
        private List<Search> open;

        private int[] last;

        State(Batch batch, List<Search> searches) {
            this.open = searches;
            int rows = searches.get(0).rows();
            int[] each = IntStream.range(0, batch.rows().length * rows)
                    .map(row -> row / rows)
                    .toArray();
            int[] begins = writing.openings().begins(batch);
            this.last = IntStream.of(each).map(text -> begins[text]).toArray();
            try (Tensors fed = new Tensors()) {
                Session.Runner runner = session.runner();
                writing.openings().feed(runner, batch, fed);
                this.memory = fetch(runner, writing.memory().made());
            }
            if (rows > 1) {
                moveMemory(each);
            }
            this.past = empty(each.length);
        }

        void step(int count) {
            if (count == slots) {
                movePast(IntStream.range(0, last.length).toArray(), SLOTS);
                slots += SLOTS;
            }
            try (Tensors fed = new Tensors()) {
                Session.Runner runner = session.runner();
                memory.feed(runner, writing.memory().fed());
                past.feed(runner, writing.past().fed());
                runner.feed(writing.count(), fed.add(TInt32.scalarOf(count)))
                        .feed(writing.token(), fed.add(Inputs.ints(Shape.of(last.length, 1), last)));
                runner.fetch(writing.logarithms()).fetch(writing.tokens());
                Kept next = fetch(runner, writing.past().made());
                past.close();
                past = next;
            }
            choose(rows(Tensors.read(past.tensors().get(0))), tokens((TInt32)
                    past.tensors().get(1)));
        }

        @Override
        public void close() {
            memory.close();
            past.close();
        }

        private void choose(double[][] logarithms, int[][] tokens) {
            int width = open.get(0).rows();
            int[] parents = new int[last.length];
            int live = 0;
            for (int i = 0; i < open.size(); i++) {
                Search search = open.get(i);
                int from = i * width;
                Search.Choice choice = search.done()
                        ? new Search.Choice(
                                new int[width], IntStream.range(0, width).toArray())
                        : search.next(
                                java.util.Arrays.copyOfRange(logarithms, from, from + width),
                                java.util.Arrays.copyOfRange(tokens, from, from + width));
                for (int row = 0; row < width; row++) {
                    last[from + row] = choice.tokens()[row];
                    parents[from + row] = from + choice.parents()[row];
                }
                live += search.done() ? 0 : 1;
            }
            settle(parents, live, width);
        }

        /** Finished texts keep their rows until they are half of all, so that the number of rows seldom changes. */
        private void settle(int[] parents, int live, int width) {
            if (live > 0 && live <= open.size() / 2) {
                int[] rows = IntStream.range(0, last.length)
                        .filter(row -> !open.get(row / width).done())
                        .toArray();
                movePast(IntStream.of(rows).map(row -> parents[row]).toArray(), 0);
                moveMemory(rows);
                last = IntStream.of(rows).map(row -> last[row]).toArray();
                open = open.stream().filter(search -> !search.done()).toList();
            } else if (live > 0 && width > 1) {
                movePast(parents, 0);
            }
            open = live == 0 ? List.of() : open;
        }

        private void movePast(int[] parents, int room) {
            past = moved(past, writing.past(), parents, room);
        }

        private void moveMemory(int[] parents) {
            memory = moved(memory, writing.memory(), parents, 0);
        }
    }

    /** Fetched tensors; those behind the first {@code extra} ones are kept. */
    private record Kept(List<Tensor> tensors, int extra, AutoCloseable owner) implements AutoCloseable {
        void feed(Session.Runner runner, List<? extends Operand<?>> places) {
            for (int i = 0; i < places.size(); i++) {
                runner.feed(places.get(i), tensors.get(extra + i));
            }
        }

        @Override
        public void close() {
            try {
                owner.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** All that a runner fetches, these last. */
    private Kept fetch(Session.Runner runner, List<Operand<T>> made) {
        made.forEach(runner::fetch);
        Result result = runner.run();
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < result.size(); i++) {
            tensors.add(result.get(i));
        }
        return new Kept(tensors, tensors.size() - made.size(), result);
    }

    private Kept moved(Kept kept, Writing.Part<T> part, int[] parents, int room) {
        try (kept;
                Tensors fed = new Tensors()) {
            Session.Runner runner = session.runner();
            kept.feed(runner, part.fed());
            runner.feed(writing.parents(), fed.add(Inputs.ints(Shape.of(parents.length), parents)))
                    .feed(writing.room(), fed.add(TInt32.scalarOf(room)));
            return fetch(runner, part.moved());
        }
    }

    /** A past without tokens. */
    private Kept empty(int rows) {
        var shape = writing.openings().writer().shape();
        long[] dims = {rows, shape.heads(), SLOTS, shape.width()};
        Tensor zeros = Tensors.of(writing.type(), dims, new double[(int) (dims[0] * dims[1] * dims[2] * dims[3])]);
        return new Kept(java.util.Collections.nCopies(2 * shape.layers(), zeros), 0, zeros);
    }

    private double[][] rows(double[] flat) {
        double[][] rows = new double[flat.length / writing.candidates()][writing.candidates()];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(flat, row * rows[row].length, rows[row], 0, rows[row].length);
        }
        return rows;
    }

    private int[][] tokens(TInt32 tensor) {
        int[] flat = new int[(int) tensor.size()];
        tensor.asRawTensor().data().asInts().read(flat);
        int[][] rows = new int[flat.length / writing.candidates()][writing.candidates()];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(flat, row * rows[row].length, rows[row], 0, rows[row].length);
        }
        return rows;
    }
}
