package dev.fewtune.train;

import dev.fewtune.graft.Joint;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A place at which a network can be cut in two.
 *
 * @param name says where, such as encoder.2.layer
 * @param states what the upper part reads: a row for each token, or one for each text
 * @param perToken which of both
 */
record Level<T extends TFloating>(String name, Operand<T> states, boolean perToken) {
    /** Width of a row; -1 where the graph does not tell. */
    long width() {
        long[] shape = states.shape().asArray();
        return shape == null || shape.length == 0 ? -1 : shape[shape.length - 1];
    }

    /** All of a graph, those of its several passes too. */
    static final class Collected<T extends TFloating> {
        private final List<Level<T>> levels = new ArrayList<>();

        void layer(Joint at, Operand<T> out) {
            levels.add(new Level<>(at.toString(), out, true));
        }

        /** @param pooled [texts, width] */
        void pooled(Operand<T> pooled) {
            levels.add(new Level<>("pooled", pooled, false));
        }

        List<Level<T>> all() {
            return List.copyOf(levels);
        }
    }
}
