package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The matrix of a step, worked out.
 *
 * @param axes names in order
 * @param combinations one value per axis each
 */
record Matrix(List<String> axes, List<Map<String, Axis.Value>> combinations) {
    /** Of a step that is one cell. */
    static final Matrix ONE = new Matrix(List.of(), List.of(Map.of()));

    /** No cells, because of a problem that is known. */
    static Matrix failed(List<String> axes) {
        return new Matrix(axes, List.of());
    }

    /** Every combination with every value of an axis. */
    Matrix times(Axis axis) {
        List<Map<String, Axis.Value>> more = new ArrayList<>();
        for (Map<String, Axis.Value> one : combinations) {
            for (Axis.Value value : axis.values()) {
                Map<String, Axis.Value> longer = new LinkedHashMap<>(one);
                longer.put(axis.name(), value);
                more.add(longer);
            }
        }
        List<String> names = new ArrayList<>(axes);
        names.add(axis.name());
        return new Matrix(names, more);
    }
}
