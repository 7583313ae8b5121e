package dev.fewtune.text;

/**
 * What sentencepiece does to a text before it looks for pieces ({@code NormalizerSpec}).
 *
 * @param charsmap compiled replacements of characters (NFKC and the like); empty where there are none
 * @param dummyPrefix whether a space is put in front of a text that is not empty
 * @param removeExtraSpaces whether spaces at both ends go and runs of spaces become one
 */
record Normalization(byte[] charsmap, boolean dummyPrefix, boolean removeExtraSpaces) {}
