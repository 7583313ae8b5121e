package dev.fewtune.train;

/** What is said where memory ran out in a training. */
final class Shortage {
    private Shortage() {}

    /**
     * @param rows of the batch that did not fit
     * @param width tokens of each, padding included
     * @param fitted tokens of the largest batch that did fit; 0 where none was tried
     */
    static String says(TrainRequest request, int rows, int width, long fitted) {
        long tokens = (long) rows * width;
        String ran = "Memory ran out while training %s with a batch of %s tokens (%s of %s)."
                .formatted(request.method(), tokens, texts(rows), width);
        if (rows == 1) {
            return "%s Maybe a smaller max_length.".formatted(ran);
        }
        if (fitted >= tokens) {
            return ("%s One of %s tokens did fit before. Maybe fewer trainings at a time, because something else took "
                            + "the memory; or batch_tokens: %s.")
                    .formatted(ran, fitted, Math.max(width, tokens / 2));
        }
        if (fitted >= width) {
            return "%s One of %s tokens did fit. Maybe batch_tokens: %s.".formatted(ran, fitted, fitted);
        }
        return "%s None was tried that is smaller. Maybe batch_size: %s with accumulate: %s, which makes the same steps."
                .formatted(ran, (rows + 1) / 2, 2 * request.training().accumulate());
    }

    private static String texts(int rows) {
        return rows == 1 ? "a single text" : rows + " texts";
    }
}
