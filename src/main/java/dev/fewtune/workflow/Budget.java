package dev.fewtune.workflow;

/** What the planning of one workflow may cost, so that a small file makes no huge plan. */
final class Budget {
    static final int CELLS = 10_000;
    static final int NEEDS = 1_000_000;
    static final int WORK = 20_000_000;

    private long cells;
    private long needs;
    private long work;

    /** @throws Exceeded where all steps together have too many cells */
    void cell() {
        if (++cells > CELLS) {
            throw new Exceeded(
                    "too-many-cells", "the workflow has more than %,d cells".formatted(CELLS), "several workflows");
        }
    }

    /**
     * @param more cells that one cell waits for
     * @throws Exceeded where all cells together wait for too many
     */
    void needs(long more) {
        needs += more;
        if (needs > NEEDS) {
            throw new Exceeded(
                    "too-many-needs",
                    "the cells of the workflow wait for more than %,d others".formatted(NEEDS),
                    "an axis that the step and its needs have in common, so that not each cell waits for all");
        }
    }

    /**
     * @param more tokens worked out, items compared, values made or rules tried
     * @throws Exceeded where the expressions and rules of the workflow ask for too much of it
     */
    void work(long more) {
        work += more;
        if (work > WORK) {
            throw new Exceeded(
                    "too-much-work",
                    "the expressions and rules of the workflow take more than %,d operations to work out"
                            .formatted(WORK),
                    "shorter lists, or fewer cells");
        }
    }

    /** Ends the planning with one problem. */
    static final class Exceeded extends RuntimeException {
        private final String code;
        private final String advice;

        Exceeded(String code, String message, String advice) {
            super(message);
            this.code = code;
            this.advice = advice;
        }

        String code() {
            return code;
        }

        String advice() {
            return advice;
        }
    }
}
