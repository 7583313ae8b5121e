package dev.fewtune.train;

/** Scores the answers to a split, the higher the better. */
@FunctionalInterface
public interface Judge {
    double score(Encoded split, Answers answers);
}
