package dev.fewtune.train;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Has the states of a split's texts made at the places where a cut runs, once, and finds them again. They are made in
 * batches that depend on nothing but the split, so that every training begins with the same bits. Where the shelf refuses
 * them a training goes on without, and ends with the same numbers but for rounding.
 */
final class Keeping<T extends TFloating> {
    private static final int BATCH = 64;
    /** Token slots of a batch. */
    private static final int SLOTS = 8192;

    private final Shelf shelf;
    private final Learner<T> learner;
    private final String weights;
    private final Progress progress;

    /** @param weights identity of the pretrained weights */
    Keeping(Shelf shelf, Learner<T> learner, String weights, Progress progress) {
        this.shelf = shelf;
        this.learner = learner;
        this.weights = weights;
        this.progress = progress;
    }

    /** What steps on a split can begin with. */
    States ofLearning(Encoded split) {
        Ground.Cuts<T> cuts = learner.cuts();
        if (cuts.learning().isEmpty() && !cuts.answering().isEmpty()) {
            progress.log("Steps keep no states of the layers below %s: something random acts there. Maybe "
                    + "backbone_dropout: false.".formatted(cuts.answering()));
        }
        return of(cuts.learning(), split, "train");
    }

    /**
     * What answers on a split can begin with.
     *
     * @param name of the split, for the log
     */
    States ofAnswering(Encoded split, String name) {
        return of(learner.cuts().answering(), split, name);
    }

    private States of(Cut<T> cut, Encoded split, String name) {
        if (cut.isEmpty() || !shelf.keeps()) {
            return States.NONE;
        }
        String texts = Content.hash(List.of(weights, learner.model().objective().reads(), split.tokens()));
        Map<Shelf.Wish, Layout<T>> layouts = new LinkedHashMap<>();
        for (Cut.Place<T> place : cut.places()) {
            Layout<T> layout = Layout.of(place.level(), split);
            layouts.put(layout.wish(Content.hash(List.of(texts, place.print()))), layout);
        }
        long begin = System.nanoTime();
        Shelf.Taken taken =
                shelf.take(List.copyOf(layouts.keySet()), drafts -> write(split, layouts, drafts), progress);
        if (taken.refusal() != null) {
            progress.log("States of %s at %s are not kept: %s.".formatted(name, cut, taken.refusal()));
            return States.NONE;
        }
        long bytes = layouts.keySet().stream().mapToLong(Shelf.Wish::size).sum();
        progress.log(said(cut, name, split.size(), bytes, taken.made(), (System.nanoTime() - begin) / 1e9));
        List<States.Kept> kept = new ArrayList<>();
        layouts.forEach((wish, layout) -> kept.add(layout.kept(taken.files().get(wish))));
        return new States(kept);
    }

    private void write(Encoded split, Map<Shelf.Wish, Layout<T>> layouts, Map<Shelf.Wish, FileChannel> drafts)
            throws IOException {
        List<Level<T>> levels =
                drafts.keySet().stream().map(wish -> layouts.get(wish).level()).toList();
        for (int[] rows : Batches.sorted(split, BATCH, SLOTS)) {
            progress.check();
            Batch batch = Batch.of(split, rows);
            List<byte[]> states = learner.states(batch, levels);
            int i = 0;
            for (Map.Entry<Shelf.Wish, FileChannel> draft : drafts.entrySet()) {
                layouts.get(draft.getKey()).write(states.get(i++), batch, draft.getValue());
            }
        }
    }

    private static String said(Cut<?> cut, String name, int texts, long bytes, int made, double seconds) {
        return String.format(
                Locale.ROOT,
                "States of %s at %s: %,d texts, %.1f MB, %s in %.1f s. What lies below is not computed again: %.0f %% of "
                        + "the products of matrices.",
                name,
                cut,
                texts,
                bytes / 1e6,
                made == 0 ? "found" : made == cut.places().size() ? "made" : "found in part, and made",
                seconds,
                100 * cut.saved());
    }

    /**
     * How the states of a split lie in a file: without padding, in the order in which they are made.
     *
     * @param width bytes of a row
     */
    private record Layout<T extends TFloating>(Level<T> level, long[] begins, int[] rows, int width, long size) {
        static <T extends TFloating> Layout<T> of(Level<T> level, Encoded split) {
            int number = level.states().type() == TFloat64.class ? Double.BYTES : Float.BYTES;
            int width = Math.toIntExact(level.width() * number);
            long[] begins = new long[split.size()];
            int[] rows = new int[split.size()];
            long end = 0;
            for (int[] batch : Batches.sorted(split, BATCH, SLOTS)) {
                for (int text : batch) {
                    rows[text] = level.perToken() ? Batch.length(split, text) : 1;
                    begins[text] = end;
                    end += (long) rows[text] * width;
                }
            }
            return new Layout<>(level, begins, rows, width, end);
        }

        Shelf.Wish wish(String key) {
            int longest = 0;
            for (int count : rows) {
                longest = Math.max(longest, count);
            }
            return new Shelf.Wish(key, size, (long) longest * width);
        }

        States.Kept kept(Held file) {
            return new States.Kept(level.states(), level.perToken(), file, begins, rows, width);
        }

        void write(byte[] states, Batch batch, FileChannel to) throws IOException {
            int slots = level.perToken() ? batch.width() : 1;
            for (int i = 0; i < batch.rows().length; i++) {
                ByteBuffer text = ByteBuffer.wrap(states, i * slots * width, rows[batch.rows()[i]] * width);
                while (text.hasRemaining()) {
                    to.write(text);
                }
            }
        }
    }
}
