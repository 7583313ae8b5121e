package dev.fewtune.train;

import dev.fewtune.spec.CellFailure;

/**
 * The learning rate over time: a linear rise, then linear or cosine decay to 0, or none.
 *
 * @param warmup share of all steps, in [0, 1)
 */
record Schedule(String shape, double peak, double warmup, long steps) {
    Schedule {
        if (!shape.equals("linear") && !shape.equals("cosine") && !shape.equals("constant")) {
            throw CellFailure.yours("The schedule (%s) must be one of linear, cosine, constant.", shape);
        }
    }

    /** @param step from 0 */
    double at(long step) {
        double rise = Math.ceil(warmup * steps);
        if (step < rise) {
            return peak * (step + 1) / (rise + 1);
        }
        double gone = (step - rise) / Math.max(1, steps - rise);
        return switch (shape) {
            case "linear" -> peak * (1 - gone);
            case "cosine" -> peak * (1 + Math.cos(Math.PI * gone)) / 2;
            default -> peak;
        };
    }
}
