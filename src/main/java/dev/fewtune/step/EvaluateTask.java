package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.StepSpec;
import java.io.IOException;
import java.util.Set;

/** Scores one task of a training of several, whose data must be among the needs too. */
public final class EvaluateTask implements StepKind {
    public static final StepSpec SPEC = new StepSpec(
            "evaluate-task",
            "Score one of several tasks that were trained at once",
            1,
            Pool.DEVICE,
            Evaluate.SPEC.settings(),
            Set.of("task"),
            Set.of(MultiTask.SPEC.kind()),
            false);

    private final Evaluate evaluate;

    EvaluateTask(Bench bench) {
        this.evaluate = new Evaluate(bench);
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        CellWork.Upstream tuned = Cells.upstream(work.cell(), work.upstream(), MultiTask.SPEC.kind());
        CellWork.Upstream tokenized = Cells.upstream(work.cell(), work.upstream(), Tokenize.SPEC.kind());
        evaluate.score(work, tuned, tokenized);
    }
}
