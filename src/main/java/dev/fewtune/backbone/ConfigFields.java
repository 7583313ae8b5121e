package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fields of a config.json. One that is missing or cannot be used is noted as a fault, and a value that does no harm
 * takes its place, so that all faults are found at once. Null counts as missing.
 */
final class ConfigFields {
    private final JsonNode root;
    private final String path;
    private final Faults faults;

    ConfigFields(JsonNode root, Faults faults) {
        this(root, "", faults);
    }

    private ConfigFields(JsonNode root, String path, Faults faults) {
        this.root = root;
        this.path = path;
        this.faults = faults;
    }

    boolean has(String name) {
        return root.hasNonNull(name);
    }

    /** The fields of an object in a field. */
    ConfigFields in(String name) {
        if (!root.path(name).isObject()) {
            fault("%s%s must be an object, and is %s", path, name, root.path(name));
        }
        return new ConfigFields(root.path(name), path + name + ".", faults);
    }

    /** A positive whole number that must be there. */
    int count(String name) {
        if (!has(name)) {
            fault("%s%s is missing; expected a positive whole number", path, name);
            return 1;
        }
        return count(name, 1);
    }

    int count(String name, int fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode node = root.get(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
            fault("%s%s must be a positive whole number, and is %s", path, name, node);
            return 1;
        }
        return node.asInt();
    }

    /** A positive whole number of which another field must be a multiple. */
    int divisor(String name, String whole) {
        int count = count(name);
        int all = root.path(whole).asInt();
        if (all % count != 0) {
            fault("%s%s (%s) must be a multiple of %s%s (%s)", path, whole, all, path, name, count);
            return 1;
        }
        return count;
    }

    double positive(String name, double fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode node = root.get(name);
        if (!node.isNumber() || !(node.asDouble() > 0) || Double.isInfinite(node.asDouble())) {
            fault("%s%s must be a positive number, and is %s", path, name, node);
            return 1;
        }
        return node.asDouble();
    }

    /** A positive number that must be there. */
    double needed(String name) {
        if (!has(name)) {
            fault("%s%s is missing; expected a positive number", path, name);
        }
        return positive(name, 1);
    }

    boolean flag(String name, boolean fallback) {
        if (has(name) && !root.get(name).isBoolean()) {
            fault("%s%s must be true or false, and is %s", path, name, root.get(name));
        }
        return root.path(name).asBoolean(fallback);
    }

    String word(String name, String fallback) {
        if (has(name) && !root.get(name).isTextual()) {
            fault("%s%s must be a word, and is %s", path, name, root.get(name));
        }
        return has(name) ? root.get(name).asText() : fallback;
    }

    /** A token's number, or the first of several. */
    int token(String name, int fallback) {
        List<Integer> all = tokens(name);
        return all.isEmpty() ? fallback : all.get(0);
    }

    /** Tokens' numbers; none where the field is missing. */
    List<Integer> tokens(String name) {
        List<Integer> tokens = new ArrayList<>();
        JsonNode node = root.path(name);
        for (JsonNode token : node.isArray() ? node : has(name) ? List.of(node) : List.<JsonNode>of()) {
            if (!token.isIntegralNumber() || !token.canConvertToInt() || token.asInt() < -1) {
                fault("%s%s must be the number of a token, and is %s", path, name, token);
            } else if (token.asInt() >= 0) {
                tokens.add(token.asInt());
            }
        }
        return tokens;
    }

    Activation activation(String field, String name) {
        return Activation.named(name)
                .orElseGet(() -> unknown(field, String.join(", ", Activation.names()), Activation.RELU));
    }

    /** Notes that a field has a value that is not among the known ones. */
    <V> V unknown(String name, String known, V instead) {
        fault("%s%s is %s; known are %s", path, name, root.get(name), known);
        return instead;
    }

    /** Notes a fault where a field has another value than the only one with which the network is known here. */
    void require(String name, String only) {
        JsonNode node = root.path(name);
        boolean same = node.isNumber()
                ? node.asDouble() == Double.parseDouble(only)
                : node.asText().equals(only);
        if (has(name) && !same) {
            fault("%s%s is %s; only %s is known", path, name, node, only);
        }
    }

    /** Notes a fault where the output matrix is not the token table. */
    void requireTied() {
        require("tie_word_embeddings", "true");
    }

    void requireArchitecture(String... known) {
        JsonNode given = root.path("architectures");
        for (JsonNode name : given) {
            if (Arrays.asList(known).contains(name.asText())) {
                return;
            }
        }
        if (!given.isEmpty()) {
            fault("architectures is %s; known are %s", given, String.join(", ", known));
        }
    }

    void fault(String text, Object... values) {
        faults.add(text, values);
    }
}
