package dev.fewtune.text;

/**
 * One example as token numbers, special tokens included, without padding.
 *
 * @param ids token numbers
 * @param types segment of each token: 0 for the first text, 1 for the second
 * @param truncated whether text was cut off to fit the maximum length
 */
public record Tokens(int[] ids, int[] types, boolean truncated) {}
