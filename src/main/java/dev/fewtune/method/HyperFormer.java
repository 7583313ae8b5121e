package dev.fewtune.method;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.types.family.TFloating;

/**
 * HyperFormer: {@link Houlsby}'s places hold adapters out + norm(gelu(out D + d) U + u) whose matrices, biases
 * and norm are made by a {@link Hypernetwork}; the layer norms of the layers and the last one of a stack train too. As in
 * the official code, whose three forms are {@code granularity}: {@code module}, HyperFormer, has a network of its own for
 * each adapter; {@code split}, the code's configuration, one for each stack with last maps for each place; {@code shared},
 * HyperFormer++, one for each stack. The table of tasks has a row for each task that is learned, and a batch has one task, as in the code. The norms begin near
 * zero, so the start is near the base.
 */
final class HyperFormer implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("hyperformer", "HyperFormer")
                .of(Family.ADAPTER)
                .idea("A network that knows task, layer and place makes the weights of adapters.")
                .trains("The networks that make the adapters, rows for task, layer and place, and the layer norms.")
                .cites(
                        "Karimi Mahabadi, Ruder, Dehghani, Henderson: Parameter-efficient Multi-task Fine-tuning for "
                                + "Transformers via Shared Hypernetworks. ACL 2021",
                        "https://arxiv.org/abs/2106.04489")
                .learningRate(new Rates(3e-3, 3e-4, 3e-4))
                .folds(Fold.STAYS)
                .memory("Moments of the networks; activations down to the lowest adapter.")
                .settings(
                        Setting.choice(
                                "granularity",
                                "shared",
                                List.of("module", "split", "shared"),
                                "A network for each adapter, one for each stack with last maps for each place, or one"
                                        + " for each stack."),
                        Setting.integer("bottleneck", 24, 1, 4096, "Width of the adapters' middle."),
                        Setting.integer("embedding", 64, 1, 1024, "Width of what tells task, layer and place."),
                        Setting.integer("hidden", 128, 1, 4096, "Width of the networks' middle; module has none."));
    }

    @Override
    public boolean oneTaskPerBatch() {
        return true;
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return graft(vars, settings, Given.NOTHING);
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings, Given given) {
        return new Inserted<>(vars, Hypernetwork.of(settings, given), Inserted.BOTH, 0, true);
    }
}
