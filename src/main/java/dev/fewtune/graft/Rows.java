package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * A batch of token vectors.
 *
 * @param values [B, S, d]
 * @param mask [B, S], 1 for a token and 0 for padding
 * @param prompt how many of the leading rows are a soft prompt
 */
public record Rows<T extends TNumber>(Operand<T> values, Operand<T> mask, int prompt) {}
