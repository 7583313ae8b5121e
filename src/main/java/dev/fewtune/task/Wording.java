package dev.fewtune.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a task may be put into words.
 *
 * @param columns names of its texts
 * @param template the name of a known template, or a template; empty where none is said
 * @param words what stands for each class, by label; empty where none is said
 */
public record Wording(List<String> columns, String template, Map<String, String> words) {
    public Wording {
        columns = List.copyOf(columns);
        template = template == null ? "" : template;
        words = words == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(words));
    }

    /** Of texts without names. */
    static Wording plain(int texts) {
        return new Wording(texts == 1 ? List.of("text") : List.of("first", "second"), "", Map.of());
    }
}
