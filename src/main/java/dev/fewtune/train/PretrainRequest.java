package dev.fewtune.train;

/**
 * The pretraining of a network, as plain data.
 *
 * @param backbone name of the network, whose weights are those to begin with
 * @param length most tokens of what is read
 * @param steps of the optimizer
 * @param every optimizer steps between two looks at the held-out text
 * @param heldOut most blocks that such a look takes
 * @param training batch size, optimizer, schedule and dropout; its epochs count for nothing
 */
public record PretrainRequest(
        String backbone, int length, long steps, int every, int heldOut, TrainSettings training, long seed) {}
