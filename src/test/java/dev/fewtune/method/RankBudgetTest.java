package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.graft.Step;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** How many directions AdaLoRA has: the numbers of PEFT. */
class RankBudgetTest {
    @Test
    void shrinksAsThatOfPeft() {
        try (Shrinking one = new Shrinking(1, 12, 8, 0.1, 0.25, 10)) {
            assertThat(one.at(1, 2000)).isEqualTo("12 learns");
            assertThat(one.at(200, 2000)).isEqualTo("12 learns");
            assertThat(one.at(210, 2000)).isEqualTo("11 learns chooses");
            assertThat(one.at(211, 2000)).isEqualTo("11 learns");
            assertThat(one.at(500, 2000)).isEqualTo("9 learns chooses");
            assertThat(one.at(850, 2000)).isEqualTo("8 learns chooses");
            assertThat(one.at(1499, 2000)).isEqualTo("8 learns");
            assertThat(one.at(1500, 2000)).isEqualTo("8 chooses");
            assertThat(one.at(1501, 2000)).isEqualTo("8 settled");
            assertThat(one.at(2000, 2000)).isEqualTo("8 settled");
        }
    }

    @Test
    void choosesOnceInTheShortestTraining() {
        try (Shrinking three = new Shrinking(3, 4, 2, 0.4, 0.5, 10)) {
            assertThat(three.at(1, 1)).isEqualTo("6 chooses");
        }
    }

    private static final class Shrinking implements AutoCloseable {
        private final Graph graph = new Graph();
        private final Ops tf = Ops.create(graph);
        private final Operand<TFloat64> now = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
        private final Operand<TFloat64> total = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
        private final RankBudget budget;
        private final Session session;

        Shrinking(int maps, int rank, int target, double free, double last, int interval) {
            budget = RankBudget.at(new Clock(tf, now, total), maps, rank, target, free, last, interval);
            session = new Session(graph);
        }

        String at(double step, double steps) {
            try (TFloat64 here = TFloat64.scalarOf(step);
                    TFloat64 end = TFloat64.scalarOf(steps);
                    Result found = session.runner()
                            .feed(now, here)
                            .feed(total, end)
                            .fetch(budget.places())
                            .fetch(budget.learns())
                            .fetch(budget.chooses())
                            .fetch(budget.settled())
                            .run()) {
                return ((TInt32) found.get(0)).getInt()
                        + said(found, 1, " learns")
                        + said(found, 2, " chooses")
                        + said(found, 3, " settled");
            }
        }

        private static String said(Result found, int place, String what) {
            return ((TBool) found.get(place)).getBoolean() ? what : "";
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }

    /** A step that only knows the time. */
    private record Clock(Ops tf, Operand<TFloat64> now, Operand<TFloat64> total) implements Step<TFloat64> {
        @Override
        public Operand<TFloat64> gradient(String name) {
            throw new AssertionError(name);
        }

        @Override
        public Operand<TFloat64> moved(String name) {
            throw new AssertionError(name);
        }

        @Override
        public Op set(String name, Operand<TFloat64> value) {
            throw new AssertionError(name);
        }

        @Override
        public Kept<TFloat64> kept(String name, long... shape) {
            throw new AssertionError(name);
        }
    }
}
