package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import org.tensorflow.types.family.TFloating;

/**
 * Compacter: adapters out + gelu(out H1 + d) H2 + u after each attention to the own stack and each feed-forward sub-layer,
 * where H1 and H2 are sums of {@code n} Kronecker products: first factors [n, n], shared by the whole network, start from
 * N(0, 0.0001²), second ones of rank {@code rank} from Glorot's uniform distribution with gain sqrt 2. The curve is gelu by
 * tanh; the layer norms of the layers and the last one of a stack train too. All as in the official code.
 */
final class Compacter implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("compacter", "Compacter")
                .of(Family.ADAPTER)
                .idea(
                        "Adapters after each sub-layer whose matrices are sums of Kronecker products with shared factors.")
                .trains(
                        "Factors of the matrices of two adapters in each layer, a rule that all share, and the layer norms.")
                .cites(
                        "Karimi Mahabadi, Henderson, Ruder: Compacter: Efficient Low-Rank Hypercomplex Adapter Layers. "
                                + "NeurIPS 2021",
                        "https://arxiv.org/abs/2106.04647")
                .learningRate(new Rates(1e-2, 3e-3, 3e-3))
                .folds(Fold.STAYS)
                .memory("Few moments; activations down to the lowest adapter.")
                .settings(Hypercomplex.settings());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Inserted<>(vars, Hypercomplex.of("compacter", settings), Inserted.BOTH, 0, true);
    }
}
