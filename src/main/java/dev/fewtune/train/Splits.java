package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import java.util.List;
import java.util.stream.IntStream;

/** Refuses data and settings that cannot be trained on, before any graph is built. */
final class Splits {
    private static final List<String> POOLINGS = List.of("cls", "mean", "last");

    /** Below this, a text says too little. */
    private static final int SHORTEST = 8;

    private Splits() {}

    static void require(TrainRequest request, BackboneSpec backbone, Encoded train, Encoded validation) {
        TrainSettings training = request.training();
        if (!POOLINGS.contains(training.pooling())) {
            throw CellFailure.yours(
                    "The pooling (%s) must be one of %s.", training.pooling(), String.join(", ", POOLINGS));
        }
        require(request, train, "train");
        require(request, validation, "validation");
        requireBudget(training.batchTokens(), train);
        requireRoom(backbone, 0, 0, train, validation);
    }

    /** Most tokens that are written behind a text, in the same row as the text. */
    static int after(Backbone backbone, Aim aim) {
        boolean behind = backbone.writer().filter(w -> w.marks().start() < 0).isPresent();
        int longest = aim.words().stream().mapToInt(List::size).max().orElse(aim.longest());
        return behind ? longest : 0;
    }

    /**
     * @param before rows that the method puts before the text
     * @param after tokens that are written behind it
     */
    static void requireRoom(BackboneSpec backbone, int before, int after, Encoded... splits) {
        int room = backbone.maxLength() - before - after;
        for (Encoded split : splits) {
            int longest = IntStream.range(0, split.size())
                    .map(row -> Batch.length(split, row))
                    .max()
                    .orElse(0);
            if (Batch.padded(longest) > room) {
                throw CellFailure.yours(
                        "A text of %s tokens (padded to a multiple of %s) does not fit into %s, which reads %s, of "
                                + "which the method takes %s%s. Maybe %s.",
                        longest,
                        Batch.STEP,
                        backbone.name(),
                        backbone.maxLength(),
                        before,
                        after == 0 ? "" : " and what is written behind the text " + after,
                        room < SHORTEST ? "fewer rows before the text" : "max_length: " + room / 8 * 8);
            }
        }
    }

    private static void requireBudget(int tokens, Encoded train) {
        int longest = IntStream.range(0, train.size())
                .map(row -> Batch.length(train, row))
                .max()
                .orElse(0);
        if (tokens > 0 && tokens < longest) {
            throw CellFailure.yours(
                    "batch_tokens (%s) is less than the longest text of train, which has %s tokens. Maybe "
                            + "batch_tokens: %s, or a smaller max_length.",
                    tokens, longest, longest);
        }
    }

    private static void require(TrainRequest request, Encoded split, String name) {
        if (split.size() == 0) {
            throw CellFailure.yours("The split %s is empty.", name);
        }
        if (request.aim().objective().equals(Aim.TEXT_TO_TEXT)
                && split.written().isEmpty()) {
            throw new IllegalArgumentException("The split %s has no texts to be written.".formatted(name));
        }
        for (int i = 0; i < split.size() && !request.regression(); i++) {
            double target = split.targets()[i];
            if (target < 0 || target >= request.classes() || target != Math.rint(target)) {
                throw CellFailure.yours(
                        "The example %s of %s has class %s; there are %s classes.",
                        split.ids().get(i), name, target, request.classes());
            }
        }
    }
}
