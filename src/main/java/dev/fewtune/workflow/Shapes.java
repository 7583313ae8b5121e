package dev.fewtune.workflow;

import java.util.Collection;
import java.util.Optional;

/** Checks that a tree has the form that its place asks for. */
record Shapes(Problems problems) {
    Optional<Tree.Mapping> mapping(Tree tree, String what) {
        if (tree instanceof Tree.Mapping mapping) {
            return Optional.of(mapping);
        }
        wrong(tree, what, "a map");
        return Optional.empty();
    }

    Optional<String> text(Tree tree, String what) {
        if (!(tree instanceof Tree.Scalar scalar) || !(scalar.value() instanceof String text)) {
            wrong(tree, what, "a text");
            return Optional.empty();
        }
        if (text.isBlank()) {
            problems.add(tree.at(), "wrong-type", "%s must be a text, but is empty".formatted(what));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    Optional<Integer> whole(Tree tree, String what, int min, int max) {
        if (tree instanceof Tree.Scalar scalar && scalar.value() instanceof Long number) {
            if (number >= min && number <= max) {
                return Optional.of(number.intValue());
            }
            problems.add(tree.at(), "out-of-range", "%s (%s) must lie in [%s, %s]".formatted(what, number, min, max));
            return Optional.empty();
        }
        wrong(tree, what, "a whole number");
        return Optional.empty();
    }

    Optional<Boolean> flag(Tree tree, String what) {
        if (tree instanceof Tree.Scalar scalar && scalar.value() instanceof Boolean flag) {
            return Optional.of(flag);
        }
        wrong(tree, what, "true or false");
        return Optional.empty();
    }

    /** Reports keys that are not among the known ones. */
    void onlyKeys(Tree.Mapping mapping, Collection<String> known, String where) {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.unknown(entry.key(), "key", key, known, " " + where);
            }
        });
    }

    void wrong(Tree tree, String what, String wanted) {
        problems.add(tree.at(), "wrong-type", "%s must be %s, but is %s".formatted(what, wanted, tree.shape()));
    }
}
