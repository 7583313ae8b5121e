package dev.fewtune.graft;

/**
 * Ways in which one training may be used, by numbers from 0 on.
 *
 * @param variable that the method holds, and that takes the number; of shape [1]
 * @param count how many there are
 * @param what the number counts, one word or several with underscores
 */
public record Levels(String variable, int count, String what) {}
