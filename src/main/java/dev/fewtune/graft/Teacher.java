package dev.fewtune.graft;

import org.tensorflow.types.family.TFloating;

/**
 * A network that another one learns to imitate, beside its task.
 *
 * @param graft of the teacher, on the same backbone
 * @param weight of the imitation in the loss
 * @param temperature by which the logits of both are divided
 */
public record Teacher<T extends TFloating>(Graft<T> graft, double weight, double temperature) {}
