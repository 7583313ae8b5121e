package dev.fewtune.train;

import java.util.List;

/**
 * What a pretraining has come to. Losses are in nats per token that is asked for, the marks of spans and the end of a
 * target included; the network and the unigram are asked for the same tokens of the same held-out text.
 *
 * @param parameters of the network
 * @param seconds of optimizer steps
 * @param tokensPerSecond tokens read and written
 * @param unigram the loss of one who knows only how often each token is asked for
 * @param heldOut the loss on text that was not learned from
 * @param curve from the first step to the last
 */
public record PretrainResult(
        long parameters,
        long steps,
        double seconds,
        double tokensPerSecond,
        int blocks,
        double unigram,
        double heldOut,
        List<Point> curve) {
    /** A look at the held-out text. */
    public record Point(long step, double trainLoss, double heldOut) {}

    public PretrainResult {
        curve = List.copyOf(curve);
    }
}
