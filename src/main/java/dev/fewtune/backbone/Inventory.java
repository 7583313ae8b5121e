package dev.fewtune.backbone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * All tensors that a network consists of.
 *
 * @param unused foreign names that are known and of no use here
 */
record Inventory(List<Piece> pieces, Pattern unused) {
    /** For files in which matrices are [in, out] already. */
    Inventory unturned() {
        return new Inventory(pieces.stream().map(Piece::unturned).toList(), unused);
    }

    /** The foreign names of each tensor, the most usual first. */
    Map<String, List<String>> foreignNames() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        pieces.forEach(piece -> names.put(piece.name(), piece.foreign()));
        return names;
    }

    /** Gathers the pieces of one network. */
    static final class Builder {
        private final List<Piece> pieces = new ArrayList<>();
        private List<String> prefixes = List.of("");
        private String part = "";

        /** What may stand before the foreign names that are added from now on, the most usual first. */
        Builder prefixes(String... all) {
            prefixes = List.of(all);
            return this;
        }

        /** What is added from now on may be left out as a whole. */
        Builder part(String name) {
            part = name;
            return this;
        }

        /** A linear map, [in, out] here and [out, in] there. */
        Builder matrix(String name, long in, long out, String... foreign) {
            return add(name, new long[] {in, out}, true, foreign);
        }

        /** A table of rows, the same here and there. */
        Builder table(String name, long rows, long width, String... foreign) {
            return add(name, new long[] {rows, width}, false, foreign);
        }

        Builder vector(String name, long size, String... foreign) {
            return add(name, new long[] {size}, false, foreign);
        }

        /** @param unused foreign names, prefix included, that are known and of no use */
        Inventory build(String unused) {
            return new Inventory(List.copyOf(pieces), Pattern.compile(unused));
        }

        private Builder add(String name, long[] shape, boolean turned, String... foreign) {
            List<String> all = Arrays.stream(foreign)
                    .flatMap(one -> prefixes.stream().map(prefix -> prefix + one))
                    .toList();
            pieces.add(new Piece(name, shape, all, turned, part));
            return this;
        }
    }
}
