package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * What attention looks at.
 *
 * @param keys [B, h, S, d_kv]
 * @param values [B, h, S, d_kv]
 * @param mask [B, S], 1 where attention may look
 */
public record KeyValue<T extends TNumber>(Operand<T> keys, Operand<T> values, Operand<T> mask) {}
