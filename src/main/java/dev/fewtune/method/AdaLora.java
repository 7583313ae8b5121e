package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Ordered;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Step;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * AdaLoRA: y = x W + alpha/(rank + 1e-5) ((drop(x) A) E) B with A [in, rank], a number E for each direction, and B [rank,
 * out]; A and B from N(0, 0.02²), E zero. The loss gets the mean over all A and B of the Frobenius norm of A^T A - 1 and
 * B B^T - 1, times {@code orthogonality}. Directions of all maps compete for a shrinking number of places; see {@link
 * Triplets} and {@link RankBudget}. Scale, losses and order of the step are those of PEFT's code, which scales by the rank
 * of the start; the paper does not divide by it. The number of trained parameters is that of the start.
 */
final class AdaLora implements Method {
    private static final String NAME = "adalora";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "AdaLoRA")
                .of(Family.REPARAMETERISATION)
                .idea("LoRA whose directions compete for rank across all maps while it trains.")
                .trains("Two thin matrices and a number for each direction, at each map.")
                .cites(
                        "Zhang, Chen, Bukharin, Karampatziakis, He, Cheng, Chen, Zhao: Adaptive Budget Allocation for "
                                + "Parameter-Efficient Fine-Tuning. ICLR 2023",
                        "https://arxiv.org/abs/2303.10512")
                .learningRate(new Rates(5e-3, 5e-4, 1e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments, and two means as large as what trains; inputs of the updated maps.")
                .settings(
                        Setting.integer("rank", 12, 1, 1024, "Rank of the update of each matrix at the start."),
                        Setting.integer("target_rank", 8, 1, 1024, "Mean rank of all updates at the end."),
                        Setting.number("alpha", 8.0, 0.001, 100_000, "The update is scaled by alpha / rank."),
                        Setting.number("dropout", 0.0, 0, 0.99, "Dropout on what enters the update."),
                        Setting.number("orthogonality", 0.5, 0, 1000, "Weight of what keeps directions apart."),
                        Setting.number(
                                "free_share", 0.1, 0, 0.99, "Share of the steps before directions are taken out."),
                        Setting.number("final_share", 0.3, 0, 0.99, "Share of the steps after the last choice."),
                        Setting.integer("interval", 10, 1, 100_000, "Steps between two choices."),
                        Setting.number(
                                "forgetting", 0.85, 0, 0.9999, "Share that stays of the mean importance at a step."),
                        Targets.setting("targets", Targets.everything(), "The linear maps that are updated."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        int target = settings.integer("target_rank");
        if (target > rank) {
            throw CellFailure.yours(
                    "The target_rank (%s) of adalora is above its rank (%s). Maybe target_rank: %s.",
                    target, rank, rank);
        }
        double free = settings.number("free_share");
        double last = settings.number("final_share");
        if (free + last >= 1) {
            throw CellFailure.yours(
                    "free_share (%s) and final_share (%s) of adalora leave no steps between them. Maybe final_share: "
                            + "0.3 and free_share: 0.1.",
                    free, last);
        }
        double scale = settings.number("alpha") / (rank + 1e-5);
        double dropout = settings.number("dropout");
        Targets targets = Targets.of(settings);
        Map<Joint, Triplets<T>> all = new LinkedHashMap<>();
        return new Graft<>() {
            @Override
            public Optional<Operand<T>> change(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (!targets.hold(at)) {
                    return Optional.empty();
                }
                LowRank.requireFit(NAME, rank, at);
                Triplets<T> own = all.computeIfAbsent(at, joint -> Triplets.at(vars, joint, rank));
                return Optional.of(own.of(pass, pass.dropout(x, dropout), scale));
            }

            @Override
            public Optional<Operand<T>> penalty(Pass<T> pass) {
                if (all.isEmpty()) {
                    return Optional.empty();
                }
                Ops tf = pass.tf();
                List<Operand<T>> norms = all.values().stream()
                        .flatMap(own -> own.skews(pass).stream())
                        .toList();
                double weight = settings.number("orthogonality") / norms.size();
                return Optional.of(tf.math.mul(Ordered.sum(tf, norms), pass.number(weight)));
            }

            @Override
            public List<Op> afterStep(Step<T> step) {
                RankBudget budget =
                        RankBudget.at(step, all.size(), rank, target, free, last, settings.integer("interval"));
                return Triplets.choose(step, List.copyOf(all.values()), budget, settings.number("forgetting"));
            }
        };
    }
}
