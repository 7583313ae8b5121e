package dev.fewtune.leaderboard;

import java.util.List;
import java.util.Map;

/** Scores with everything filled in but what a test is about. */
record ScoreFixture(
        String variant,
        String method,
        boolean control,
        long seed,
        double value,
        String metric,
        String comparability,
        List<Double> curve,
        List<String> notes,
        boolean cached) {

    static ScoreFixture lora(long seed, double value) {
        return new ScoreFixture(
                "lora", "lora", false, seed, value, "accuracy", "same", List.of(0.4, value), List.of(), false);
    }

    static ScoreFixture headOnly(long seed, double value) {
        return new ScoreFixture(
                "head-only", "head-only", true, seed, value, "accuracy", "same", List.of(0.2, value), List.of(), false);
    }

    ScoreFixture named(String name) {
        return new ScoreFixture(name, method, control, seed, value, metric, comparability, curve, notes, cached);
    }

    ScoreFixture measuredBy(String name) {
        return new ScoreFixture(variant, method, control, seed, value, name, comparability, curve, notes, cached);
    }

    ScoreFixture comparedBy(String hash) {
        return new ScoreFixture(variant, method, control, seed, value, metric, hash, curve, notes, cached);
    }

    ScoreFixture noting(String... texts) {
        return new ScoreFixture(
                variant, method, control, seed, value, metric, comparability, curve, List.of(texts), cached);
    }

    ScoreFixture measuredEarlier() {
        return new ScoreFixture(variant, method, control, seed, value, metric, comparability, curve, notes, true);
    }

    Score score() {
        return score(0.154, null);
    }

    Score notApplicable(String reason) {
        return score(0.154, reason);
    }

    Score score(double majority, String reason) {
        boolean none = reason != null;
        return new Score(
                "minilm-l6",
                "wordnet-supersense",
                variant,
                method,
                control,
                seed,
                "test",
                metric,
                value,
                Map.of(metric, value),
                1500,
                300,
                800,
                majority,
                comparability,
                none || method.equals("head-only") ? 0 : 73_728,
                0,
                none ? 0 : 9_240,
                none ? 0 : 1e-3,
                none ? 0 : 30 + seed,
                none ? 0 : 100 * seed,
                none ? 0 : 300,
                none ? 0 : (1L << 30) + seed,
                none ? 0 : 300_000,
                none ? List.of() : curve,
                notes,
                reason,
                cached);
    }
}
