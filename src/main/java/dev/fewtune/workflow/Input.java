package dev.fewtune.workflow;

import java.util.List;

/**
 * An input of a workflow.
 *
 * @param type string, integer, number, boolean, model, task, method or list
 * @param of type of the items of a list, else null
 * @param fallback plain value, or null where the input must be given
 */
public record Input(String name, String type, String of, Object fallback, String description, int line, int column) {
    static final String LIST = "list";
    static final List<String> SCALARS = List.of("string", "integer", "number", "boolean", "model", "task", "method");

    Mark at() {
        return new Mark(line, column);
    }
}
