package dev.fewtune.backbone;

/**
 * Rotary positions (Su et al., arXiv 2104.09864) and how they are stretched for longer inputs.
 *
 * @param theta base of the frequencies (rope_theta)
 */
record Rope(double theta, Scaling scaling) {
    /** What becomes of a frequency, in radians per position. */
    sealed interface Scaling {
        double of(double frequency);
    }

    /** As trained. */
    record Plain() implements Scaling {
        @Override
        public double of(double frequency) {
            return frequency;
        }
    }

    /** All positions lie closer together. */
    record Linear(double factor) implements Scaling {
        @Override
        public double of(double frequency) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3.1: short waves stay, long ones are stretched, those between by degrees (Dubey et al., arXiv 2407.21783).
     *
     * @param lowFactor waves longer than original / lowFactor positions are stretched
     * @param highFactor waves shorter than original / highFactor positions stay
     * @param original longest input before
     */
    record Llama3(double factor, double lowFactor, double highFactor, int original) implements Scaling {
        @Override
        public double of(double frequency) {
            double turns = original * frequency / (2 * Math.PI);
            double kept = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
            return kept * frequency + (1 - kept) * frequency / factor;
        }
    }

    /**
     * Reads rope_theta and rope_scaling, or rope_parameters as Transformers 5 writes both.
     *
     * @param positions longest input, for want of a longest one before scaling
     */
    static Rope of(ConfigFields fields, int positions) {
        String object = fields.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        if (!fields.has(object)) {
            return new Rope(fields.positive("rope_theta", 10_000), new Plain());
        }
        ConfigFields inner = fields.in(object);
        double theta =
                inner.has("rope_theta") ? inner.positive("rope_theta", 10_000) : fields.positive("rope_theta", 10_000);
        return new Rope(theta, scaling(inner, positions));
    }

    /** The angle by which each of headWidth / 2 pairs turns from one position to the next. */
    double[] frequencies(int headWidth) {
        double[] frequencies = new double[headWidth / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] = scaling.of(Math.pow(theta, -2.0 * pair / headWidth));
        }
        return frequencies;
    }

    private static Scaling scaling(ConfigFields inner, int positions) {
        inner.require("partial_rotary_factor", "1.0");
        String field = inner.has("rope_type") ? "rope_type" : "type";
        return switch (inner.word(field, "default")) {
            case "default" -> new Plain();
            case "linear" -> new Linear(inner.needed("factor"));
            case "llama3" ->
                new Llama3(
                        inner.needed("factor"),
                        inner.needed("low_freq_factor"),
                        inner.needed("high_freq_factor"),
                        inner.count("original_max_position_embeddings", positions));
            default -> inner.unknown(field, "default, linear, llama3", new Plain());
        };
    }
}
