package dev.fewtune.method;

import dev.fewtune.graft.Both;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * UniPELT: {@link PrefixTuning}, adapters as {@link Pfeiffer} has them, and the pairs of {@link Lora}, each behind a gate
 * of its own at each place; see {@link Gated}. The gate stands in LoRA's case instead of alpha / rank, as in the official
 * code, which treats BERT alone. There, gates are means over all rows, padding included; here, over real rows only, so that
 * padding changes nothing. Gates of decoders, which must not see what comes later, are our reading: hence the mark of a
 * reconstruction.
 */
final class UniPelt implements Method {
    private static final String NAME = "unipelt";

    private final Method prefixes = new PrefixTuning();
    private final Method adapters = new Pfeiffer();

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "UniPELT")
                .of(Family.COMPOSITION)
                .idea("Prefixes, adapters and LoRA, each behind a gate that looks at the example.")
                .trains("LoRA, adapters, a prefix with the network that makes it, and a gate for each.")
                .cites(
                        "Mao, Mathias, Hou, Almahairi, Ma, Han, Yih, Khabsa: UniPELT: A Unified Framework for "
                                + "Parameter-Efficient Language Model Tuning. ACL 2022",
                        "https://arxiv.org/abs/2110.07577")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(1e-3, 3e-4, 5e-4))
                .folds(Fold.STAYS)
                .memory("Moments of the network that makes the prefixes; activations down to the lowest place.")
                .settings(
                        Setting.integer("length", 10, 1, 500, "Number of prefix rows; the text keeps its length."),
                        Setting.integer("middle", 512, 1, 8192, "Width of the middle of the network that makes them."),
                        Setting.choice(
                                "start",
                                "random",
                                List.of("random", "zero"),
                                "That network's last map at the start: uniform in ±1/sqrt(middle), or zero."),
                        Bottleneck.setting(),
                        LowRank.rankSetting(),
                        Setting.number(
                                "dropout", 0.0, 0, 0.99, "Dropout on the rows and on what enters LoRA's update."),
                        Targets.setting());
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        Graft<T> rows = new Gated<>(vars, prefixes.graft(vars, settings));
        Graft<T> networks = new Gated<>(vars, adapters.graft(vars, settings));
        return new Both<>(rows, new Both<>(networks, new Gated<>(vars, pairs(vars, settings))));
    }

    private static <T extends TFloating> Graft<T> pairs(Vars<T> vars, Settings settings) {
        LowRank low = LowRank.of(NAME, settings);
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Optional<Operand<T>> change(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                return targets.hold(at) ? Optional.of(low.change(pass, x, low.pair(vars, at), 1)) : Optional.empty();
            }
        };
    }
}
