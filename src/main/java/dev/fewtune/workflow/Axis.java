package dev.fewtune.workflow;

import java.util.List;

/**
 * One axis of a matrix.
 *
 * @param at where it stands
 */
record Axis(String name, Mark at, List<Value> values) {
    /** The axis whose values are methods. */
    static final String METHOD = "method";

    static final String TASK = "task";
    /** The axis whose values are tasks from which something is carried over to others. */
    static final String SOURCE = "source";

    static final String SEED = "seed";

    /**
     * @param shown as in a cell's key
     * @param plain for expressions and settings
     * @param variant only on the axis method
     * @param at where it stands
     */
    record Value(String shown, Object plain, Variant variant, Mark at) {}
}
