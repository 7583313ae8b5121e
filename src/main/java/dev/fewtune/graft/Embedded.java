package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Token rows on their way into a stack.
 *
 * @param rows [batch, length, width], before positions and norm
 * @param mask [batch, length], 1 for a real row and 0 for padding
 * @param before how many rows a method has put before the text
 * @param table of which the rows were taken
 */
public record Embedded<T extends TFloating>(Operand<T> rows, Operand<T> mask, int before, Joint table) {}
