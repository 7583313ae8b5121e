package dev.fewtune.run;

import dev.fewtune.spec.StepSpec;

/** Something that a workflow can do, as {@code uses: tokenize}. */
public interface StepKind {
    StepSpec spec();

    /**
     * Carries out one attempt of one cell. Everything that it leaves under {@link CellWork#out} becomes the cell's
     * artifact when it returns.
     *
     * @throws dev.fewtune.spec.CellFailure with the cause
     * @throws dev.fewtune.spec.CancelledException where it stopped on request
     */
    void execute(CellWork work) throws Exception;
}
