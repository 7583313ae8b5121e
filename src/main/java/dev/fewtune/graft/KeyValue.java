package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * What attention looks at.
 *
 * @param key [batch, heads, length, width of a head]
 * @param value like {@code key}
 * @param mask [batch, length], 1 for what may be seen
 */
public record KeyValue<T extends TFloating>(Operand<T> key, Operand<T> value, Operand<T> mask) {}
