package dev.fewtune.train;

import dev.fewtune.spec.CellFailure;

/**
 * The learning rate over time: a linear rise, then linear or cosine decay to 0, or none; or that of Adafactor's relative
 * steps (Shazeer, Stern, arXiv 1804.04235, section 7), min(peak, 1/sqrt(step)).
 *
 * @param warmup share of all steps, in [0, 1)
 */
record Schedule(String shape, double peak, double warmup, long steps) {
    static final String RELATIVE = "relative";

    Schedule {
        if (!shape.equals(RELATIVE) && !TrainSettings.SCHEDULES.contains(shape)) {
            throw CellFailure.yours(
                    "The schedule (%s) must be one of %s.", shape, String.join(", ", TrainSettings.SCHEDULES));
        }
    }

    /** @param step from 0 */
    double at(long step) {
        if (shape.equals(RELATIVE)) {
            return Math.min(peak, 1 / Math.sqrt(step + 1));
        }
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
