package dev.fewtune.backbone;

import dev.fewtune.graft.Pass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** The curve between the maps of a feed-forward sub-layer. */
enum Activation {
    RELU,
    /** x Φ(x). */
    GELU,
    /** GELU by its approximation with a hyperbolic tangent. */
    GELU_TANH,
    /** x sigmoid(x). */
    SILU;

    private static final Map<String, Activation> NAMES = new TreeMap<>(Map.of(
            "relu", RELU,
            "gelu", GELU,
            "gelu_new", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "silu", SILU,
            "swish", SILU));

    <T extends TFloating> Operand<T> of(Pass<T> pass, Operand<T> x) {
        return switch (this) {
            case RELU -> pass.tf().nn.relu(x);
            case GELU -> pass.gelu(x);
            case GELU_TANH -> pass.geluTanh(x);
            case SILU -> pass.silu(x);
        };
    }

    /** The name that Transformers has for it. */
    String label() {
        return NAMES.keySet().stream()
                .filter(name -> NAMES.get(name) == this)
                .findFirst()
                .orElseThrow();
    }

    /** By the name that Transformers has for it. */
    static Optional<Activation> named(String name) {
        return Optional.ofNullable(NAMES.get(name));
    }

    static Set<String> names() {
        return new TreeSet<>(NAMES.keySet());
    }
}
