package dev.fewtune.graft;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** What a method finds out by gradients before a part of a training, over some of its batches. */
public interface Probe<T extends TFloating> {
    /** Most batches that are looked at. */
    int batches();

    /** Names of the variables by which the loss is differentiated. */
    List<String> of();

    /** What of one batch's gradient goes into the mean over all of them. */
    Operand<T> seen(Ops tf, String name, Operand<T> gradient);

    /**
     * @param means by the names of the variables, row-major
     * @param now values of the variables of these names
     */
    Found found(Map<String, double[]> means, Function<String, double[]> now);

    /**
     * What comes of it.
     *
     * @param values that variables are set to, row-major
     * @param says what was found, a sentence for people
     */
    record Found(Map<String, double[]> values, String says) {}
}
