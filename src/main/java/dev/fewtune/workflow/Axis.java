package dev.fewtune.workflow;

import java.util.List;

/**
 * One axis of a matrix.
 *
 * @param at where it stands
 */
record Axis(String name, Mark at, List<Value> values) {
    /**
     * @param shown as in a cell's key
     * @param plain for expressions and settings
     * @param variant only on the axis method
     */
    record Value(String shown, Object plain, Variant variant) {}
}
