package dev.fewtune.graft;

import dev.fewtune.spec.CellFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an earlier step has learned.
 *
 * @param kind one of {@link #PROMPT}, {@link #SHARED}
 * @param name of the task of a prompt, or of the method of what is shared
 * @param tensors by the last words of the names of their variables, such as prompt
 */
public record Source(String kind, String name, Map<String, Made> tensors) {
    /** A soft prompt of one task: {@link #ROWS} [length, width], and what stands beside it. */
    public static final String PROMPT = "prompt";
    /** What several tasks have learned together. */
    public static final String SHARED = "shared";

    /** The rows of a prompt. */
    public static final String ROWS = "prompt";

    public Source {
        tensors = new LinkedHashMap<>(tensors);
    }

    /** @throws CellFailure with cause YOURS where there is no such tensor */
    public Made tensor(String tensor) {
        Made found = tensors.get(tensor);
        if (found == null) {
            throw CellFailure.yours(
                    "The %s of %s has no %s; it has %s. Maybe it was learned by another method.",
                    kind, name, tensor, String.join(", ", tensors.keySet()));
        }
        return found;
    }

    public boolean has(String tensor) {
        return tensors.containsKey(tensor);
    }

    /** The rows of a prompt. */
    public Made rows() {
        return tensor(ROWS);
    }
}
