package dev.fewtune.backbone;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

    /** By the name that Transformers has for it. */
    static Optional<Activation> named(String name) {
        return Optional.ofNullable(NAMES.get(name));
    }

    static Set<String> names() {
        return new TreeSet<>(NAMES.keySet());
    }
}
