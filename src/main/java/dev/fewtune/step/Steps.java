package dev.fewtune.step;

import dev.fewtune.run.StepKind;
import dev.fewtune.spec.StepSpec;
import java.util.List;

/** The list of step kinds. */
public final class Steps {
    public static final List<StepSpec> SPECS = List.of(
            Tokenize.SPEC,
            Pretrain.SPEC,
            FineTune.SPEC,
            MultiTask.SPEC,
            ImportAdapter.SPEC,
            Evaluate.SPEC,
            EvaluateTask.SPEC,
            Aggregate.SPEC,
            PretrainBackbone.SPEC);

    private Steps() {}

    public static List<StepKind> on(Bench bench) {
        return List.of(
                new Tokenize(bench),
                new Pretrain(bench),
                new FineTune(bench),
                new MultiTask(bench),
                new ImportAdapter(bench),
                new Evaluate(bench),
                new EvaluateTask(bench),
                new Aggregate(bench),
                new PretrainBackbone(bench));
    }
}
