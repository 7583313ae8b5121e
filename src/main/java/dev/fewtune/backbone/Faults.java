package dev.fewtune.backbone;

import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a file or a folder, gathered so that it is told at once. */
final class Faults {
    private static final int SHOWN = 8;

    private final List<String> all = new ArrayList<>();

    void add(String fault, Object... values) {
        all.add(fault.formatted(values));
    }

    boolean none() {
        return all.isEmpty();
    }

    /** @throws MalformedFile with the headline and the first faults, where there are any */
    void throwAsMalformed(String headline, Object... values) throws MalformedFile {
        if (!none()) {
            throw new MalformedFile(text(headline.formatted(values)));
        }
    }

    /** @throws CellFailure with cause YOURS, the headline and the first faults, where there are any */
    void throwAsYours(String headline, Object... values) {
        if (!none()) {
            throw CellFailure.yours("%s", text(headline.formatted(values)));
        }
    }

    private String text(String headline) {
        StringBuilder text = new StringBuilder(headline);
        all.stream().limit(SHOWN).forEach(fault -> text.append("\n  ").append(fault));
        if (all.size() > SHOWN) {
            text.append("\n  … and %s more".formatted(all.size() - SHOWN));
        }
        return text.toString();
    }
}
