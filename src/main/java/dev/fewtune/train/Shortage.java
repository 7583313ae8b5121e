package dev.fewtune.train;

/** What is said where memory ran out in a training. */
final class Shortage {
    private Shortage() {}

    /**
     * @param slots tokens of the batch that did not fit, padding included
     * @param fitted tokens of the largest batch that did; 0 where none was tried
     */
    static String says(TrainRequest request, long slots, long fitted) {
        TrainSettings training = request.training();
        String ran = "Memory ran out while training %s with a batch of %,d tokens (batch_size %s)."
                .formatted(request.method(), slots, training.batchSize());
        if (fitted > 0 && fitted < slots) {
            return "%s One of %,d tokens did fit. Maybe batch_tokens: %d.".formatted(ran, fitted, fitted);
        }
        if (training.batchSize() == 1) {
            return "%s It is a single text. Maybe a smaller max_length.".formatted(ran);
        }
        int parts = 2 * training.accumulate();
        return "%s None was tried that is smaller. Maybe batch_size: %s with accumulate: %s, which makes the same steps."
                .formatted(ran, (training.batchSize() + 1) / 2, parts);
    }
}
