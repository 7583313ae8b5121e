package dev.fewtune.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One cell of a plan, with everything that its execution needs.
 *
 * @param ordinal place in the plan, from 0
 * @param key such as {@code tune[method=lora,task=rte,seed=1]}
 * @param axes what the key shows, in the order of the matrix; the value of {@code method} is the variant's name
 * @param settings the settings of the step kind, resolved, defaults not filled in; the axes task, seed, backbone stand
 *     here too; for {@code method} the variant's name
 * @param method the identifier of the method, or null where the step has none
 * @param methodSettings the method's own settings as given in the variant
 * @param needs ordinals of the cells that must end first
 * @param control whether Fewtune added the cell as a control row of the board
 */
public record PlannedCell(
        int ordinal,
        String step,
        String kind,
        String key,
        Map<String, String> axes,
        Map<String, Object> settings,
        String method,
        Map<String, Object> methodSettings,
        List<Integer> needs,
        boolean allowFailed,
        int priority,
        boolean control) {
    public PlannedCell {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        methodSettings = Collections.unmodifiableMap(new LinkedHashMap<>(methodSettings));
        needs = List.copyOf(needs);
        if (key.length() > 255) {
            throw new IllegalArgumentException("The key (%s) of a cell is longer than 255 characters.".formatted(key));
        }
    }
}
