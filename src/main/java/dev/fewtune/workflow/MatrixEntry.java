package dev.fewtune.workflow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step says of its matrix.
 *
 * @param at where the value of {@code matrix:} or {@code from:} stands; for INHERITED the step
 * @param from name of the step whose matrix is taken; null but for FROM
 * @param axes values by name, their expressions not yet worked out; empty but for AXES
 * @param exclude null where there is none
 * @param include null where there is none
 */
record MatrixEntry(
        Kind kind, Mark at, String from, Map<String, Tree.Entry> axes, Tree.Entry exclude, Tree.Entry include) {
    /** Names in a matrix that are no axes. */
    static final String EXCLUDE = "exclude";

    static final String INCLUDE = "include";
    static final String FROM = "from";

    /** INHERITED says nothing: the matrix of the only need that has one. NONE has just the axes under {@code with}. */
    enum Kind {
        INHERITED,
        NONE,
        FROM,
        AXES
    }

    static MatrixEntry inherited(Mark at) {
        return new MatrixEntry(Kind.INHERITED, at, null, Map.of(), null, null);
    }

    static MatrixEntry none(Mark at) {
        return new MatrixEntry(Kind.NONE, at, null, Map.of(), null, null);
    }

    static MatrixEntry from(String step, Mark at) {
        return new MatrixEntry(Kind.FROM, at, step, Map.of(), null, null);
    }

    static MatrixEntry of(Tree.Mapping matrix) {
        Map<String, Tree.Entry> axes = new LinkedHashMap<>(matrix.entries());
        axes.remove(EXCLUDE);
        axes.remove(INCLUDE);
        return new MatrixEntry(
                Kind.AXES,
                matrix.at(),
                null,
                axes,
                matrix.entries().get(EXCLUDE),
                matrix.entries().get(INCLUDE));
    }
}
