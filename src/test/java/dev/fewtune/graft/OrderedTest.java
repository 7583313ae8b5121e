package dev.fewtune.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

class OrderedTest {
    private static final int PARTS = 30;

    @Test
    void gradientsThroughManyPartsAreSummedInOneOrderInEveryGraph() {
        assertOneGraph((tf, parts) -> Ordered.sum(tf, parts));
        assertOneGraph((tf, parts) -> Ordered.concat(tf, parts, 0));
    }

    private static void assertOneGraph(BiFunction<Ops, List<Operand<TFloat64>>, Operand<TFloat64>> join) {
        String first = graph(join);
        for (int i = 0; i < 5; i++) {
            assertThat(graph(join)).isEqualTo(first);
        }
    }

    private static String graph(BiFunction<Ops, List<Operand<TFloat64>>, Operand<TFloat64>> join) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> shared = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3)));
            List<Operand<TFloat64>> parts = new ArrayList<>();
            for (int i = 0; i < PARTS; i++) {
                parts.add(tf.math.mul(shared, tf.constant((double) i)));
            }
            tf.gradients(tf.sum(join.apply(tf, parts), tf.constant(0)), List.of(shared));
            return graph.toGraphDef().toString();
        }
    }
}
