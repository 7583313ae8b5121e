package dev.fewtune.workflow;

import java.util.Map;

/**
 * One value of the axis {@code method}.
 *
 * @param name the board's row
 * @param method identifier of the method
 * @param methodSettings the method's own settings
 * @param stepSettings settings of the step that the variant overrides
 * @param control whether Fewtune added it
 */
record Variant(
        String name,
        String method,
        Map<String, Object> methodSettings,
        Map<String, Object> stepSettings,
        boolean control) {}
