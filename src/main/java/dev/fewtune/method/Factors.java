package dev.fewtune.method;

/** Two factors of a width, the first not above the second where nobody asks for a certain one. */
record Factors(int first, int second) {
    /** The pair with the smallest sum; (24, 32) for 768. */
    static Factors square(int width) {
        return upTo(width, width);
    }

    /** (wanted, width / wanted) where that divides; else the pair with the smallest sum whose first is not above it. */
    static Factors of(int width, int wanted) {
        return width % wanted == 0 ? new Factors(wanted, width / wanted) : upTo(width, wanted);
    }

    private static Factors upTo(int width, int wanted) {
        int best = 1;
        for (int divisor = 2; divisor <= wanted && (long) divisor * divisor <= width; divisor++) {
            best = width % divisor == 0 ? divisor : best;
        }
        return new Factors(best, width / best);
    }
}
