package dev.fewtune.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What part of the cells of a run is shown.
 *
 * @param step or null for all
 * @param state or null for all
 * @param after ordinal before the first cell, or null for the first page
 */
public record CellFilter(String step, String state, Integer after) {
    /** Empty texts stand for all. */
    public CellFilter {
        step = step == null || step.isBlank() ? null : step;
        state = state == null || state.isBlank() ? null : state;
    }

    /** The query of the same part, without its place in the list. */
    public String same() {
        return (step == null ? "" : "&step=" + coded(step)) + (state == null ? "" : "&state=" + coded(state));
    }

    public String whole() {
        return same() + (after == null ? "" : "&after=" + after);
    }

    public boolean isStep(String name) {
        return name.equals(step);
    }

    public boolean isState(String name) {
        return name.equalsIgnoreCase(state);
    }

    private static String coded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8);
    }
}
