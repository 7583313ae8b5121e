package dev.fewtune.train;

/** The learning rate of each optimizer step, as in Transformers' schedules. */
record Schedule(String form, double peak, int warmup, int total) {
    static Schedule of(TrainSettings settings, double peak, int total) {
        return new Schedule(settings.schedule(), peak, (int) Math.round(settings.warmup() * total), total);
    }

    /** @param step from 0 */
    double at(int step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double gone = (double) (step - warmup) / Math.max(1, total - warmup);
        return switch (form) {
            case "constant" -> peak;
            case "cosine" -> peak * 0.5 * (1 + Math.cos(Math.PI * gone));
            default -> peak * (1 - gone);
        };
    }
}
