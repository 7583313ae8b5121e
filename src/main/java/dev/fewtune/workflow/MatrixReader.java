package dev.fewtune.workflow;

import dev.fewtune.spec.StepSpec;
import java.util.Set;

/** Reads the {@code matrix:} of a step. */
record MatrixReader(Shapes shapes, Problems problems) {
    static final String NONE = "none";

    /**
     * @param at of the step
     * @param tree null where the step has none
     * @param spec null where the kind of the step is not known
     */
    MatrixEntry read(String step, Mark at, Tree tree, StepSpec spec) {
        if (tree == null) {
            return MatrixEntry.inherited(at);
        }
        if (tree instanceof Tree.Scalar scalar && NONE.equals(scalar.value())) {
            return MatrixEntry.none(tree.at());
        }
        if (spec != null && spec.single()) {
            problems.add(
                    tree.at(),
                    "matrix",
                    "the step %s is always one cell, as every step that uses %s".formatted(step, spec.kind()),
                    "matrix: none, or leave it out");
            return MatrixEntry.none(tree.at());
        }
        Tree.Mapping matrix = shapes.mapping(tree, "matrix").orElse(null);
        if (matrix == null) {
            return MatrixEntry.inherited(at);
        }
        return matrix.get(MatrixEntry.FROM) == null ? axes(step, matrix) : from(at, matrix);
    }

    private MatrixEntry from(Mark at, Tree.Mapping matrix) {
        shapes.onlyKeys(matrix, Set.of(MatrixEntry.FROM), "beside from");
        Tree from = matrix.get(MatrixEntry.FROM);
        return shapes.text(from, MatrixEntry.FROM)
                .map(source -> MatrixEntry.from(source, from.at()))
                .orElse(MatrixEntry.inherited(at));
    }

    private MatrixEntry axes(String step, Tree.Mapping matrix) {
        MatrixEntry entry = MatrixEntry.of(matrix);
        if (matrix.entries().isEmpty()) {
            problems.add(
                    matrix.at(),
                    "matrix",
                    "the matrix of %s has no axis".formatted(step),
                    "leave it out to take over the one of a need, or matrix: none");
        }
        entry.axes().forEach((name, axis) -> Names.WORD.check(name, "the name of an axis", axis.key(), problems));
        return entry;
    }
}
