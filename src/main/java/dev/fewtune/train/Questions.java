package dev.fewtune.train;

import java.util.Arrays;
import java.util.List;

/** Puts the examples of a split to a learner, batch by batch. */
final class Questions {
    private final Learner<?> learner;
    private final double[][] outputs;
    private final int[][] written;
    private long nanos;

    Questions(Learner<?> learner, Encoded split) {
        this.learner = learner;
        this.outputs = new double[split.size()][];
        this.written = new int[split.size()][];
    }

    /**
     * @param batch of the split
     * @param between called before each token that is written; what it throws ends the asking
     */
    void ask(Batch batch, Runnable between) {
        int[] rows = batch.rows();
        long begin = System.nanoTime();
        double[][] found = learner.predict(batch);
        List<List<Search.Found>> texts =
                learner.model().writing().isPresent() ? learner.write(batch, between) : List.of();
        nanos += System.nanoTime() - begin;
        for (int i = 0; i < rows.length; i++) {
            outputs[rows[i]] = found[i];
            written[rows[i]] = texts.isEmpty() ? null : texts.get(i).get(0).tokens();
        }
    }

    /** Once all examples were asked. */
    Answers answers() {
        boolean writes = learner.model().writing().isPresent();
        return new Answers(outputs, writes ? Arrays.asList(written) : List.of());
    }

    /** Wall time of the answers alone. */
    double seconds() {
        return nanos / 1e9;
    }
}
