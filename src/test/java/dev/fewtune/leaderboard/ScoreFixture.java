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
        boolean cached,
        Map<String, Object> settings,
        Map<String, String> axes) {
    static final Origin ORIGIN = new Origin("0.1", "2.18.0", "17.0.1", "Linux 6", "amd64", 2, "A processor", false);

    static ScoreFixture lora(long seed, double value) {
        return new ScoreFixture(
                "lora",
                "lora",
                false,
                seed,
                value,
                "accuracy",
                "same",
                List.of(0.4, value),
                List.of(),
                false,
                Map.of(),
                Map.of());
    }

    static ScoreFixture headOnly(long seed, double value) {
        return new ScoreFixture(
                "head-only",
                "head-only",
                true,
                seed,
                value,
                "accuracy",
                "same",
                List.of(0.2, value),
                List.of(),
                false,
                Map.of(),
                Map.of());
    }

    ScoreFixture named(String name) {
        return new ScoreFixture(
                name, method, control, seed, value, metric, comparability, curve, notes, cached, settings, axes);
    }

    ScoreFixture measuredBy(String name) {
        return new ScoreFixture(
                variant, method, control, seed, value, name, comparability, curve, notes, cached, settings, axes);
    }

    ScoreFixture comparedBy(String hash) {
        return new ScoreFixture(
                variant, method, control, seed, value, metric, hash, curve, notes, cached, settings, axes);
    }

    ScoreFixture noting(String... texts) {
        return new ScoreFixture(
                variant,
                method,
                control,
                seed,
                value,
                metric,
                comparability,
                curve,
                List.of(texts),
                cached,
                settings,
                axes);
    }

    ScoreFixture measuredEarlier() {
        return new ScoreFixture(
                variant, method, control, seed, value, metric, comparability, curve, notes, true, settings, axes);
    }

    ScoreFixture at(String axis, String place) {
        return new ScoreFixture(
                variant,
                method,
                control,
                seed,
                value,
                metric,
                comparability,
                curve,
                notes,
                cached,
                settings,
                Map.of(axis, place));
    }

    ScoreFixture set(String setting, Object to) {
        return new ScoreFixture(
                variant,
                method,
                control,
                seed,
                value,
                metric,
                comparability,
                curve,
                notes,
                cached,
                Map.of(setting, to),
                axes);
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
                settings,
                axes,
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
                "0123",
                none || method.equals("head-only") ? 0 : 73_728,
                0,
                none ? 0 : 9_240,
                none ? 0 : 1e-3,
                none ? 0 : 30 + seed,
                none ? 0 : 100 * seed,
                none ? 0 : 300,
                none ? 0 : (1L << 30) + seed,
                none ? 0 : 300_000,
                none ? 0 : 0.05,
                none ? List.of() : curve,
                notes,
                reason,
                cached,
                ORIGIN,
                ORIGIN);
    }
}
