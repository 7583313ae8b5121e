package dev.fewtune.method;

import dev.fewtune.graft.Both;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.types.family.TFloating;

/**
 * Mix-and-match adapters: {@link PrefixTuning} at attention with {@link ParallelAdapter} at feed-forward sub-layers. The
 * paper has 30 rows and a bottleneck of 512 for long texts, its script for GLUE 16 and 16.
 */
final class Mam implements Method {
    private static final String LENGTH = "length";

    private final Method prefixes = new PrefixTuning();
    private final Method adapters = new ParallelAdapter();

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("mam", "MAM adapters")
                .of(Family.COMPOSITION)
                .idea("Prefixes at attention, parallel adapters at feed-forward sub-layers.")
                .trains("A prefix with the network that makes it, and an adapter beside each feed-forward sub-layer.")
                .cites(
                        "He, Zhou, Ma, Berg-Kirkpatrick, Neubig: Towards a Unified View of Parameter-Efficient Transfer "
                                + "Learning. ICLR 2022",
                        "https://arxiv.org/abs/2110.04366")
                .learningRate(new Rates(1e-3, 1e-4, 1e-4))
                .folds(Fold.STAYS)
                .memory("Moments of the network that makes the prefixes; longer keys and values in every layer.")
                .settings(settings());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return new Both<>(prefixes.graft(vars, settings), adapters.graft(vars, settings));
    }

    private List<Setting> settings() {
        Setting length = Setting.integer(LENGTH, 16, 1, 500, "Number of prefix rows; the text keeps its length.");
        return Stream.of(prefixes, adapters)
                .flatMap(part -> part.spec().settings().stream())
                .map(setting -> setting.name().equals(LENGTH) ? length : setting)
                .toList();
    }
}
