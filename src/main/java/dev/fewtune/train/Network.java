package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Rows;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * A backbone with a method and a head, as one graph that holds the network twice, with and without dropout, over the
 * same variables.
 */
final class Network<T extends TNumber> {
    final Ops tf;
    final Vars<T> vars;
    final Placeholder<TInt32> ids;
    final Placeholder<TInt32> segments;
    final Placeholder<T> mask;
    final Placeholder<T> targets;
    final Placeholder<TInt64> noise;
    /** [B, outputs], without dropout. */
    final Operand<T> outputs;
    /** Mean over the batch, without dropout. */
    final Operand<T> loss;
    /** Mean over the batch, with dropout. */
    final Operand<T> trainingLoss;

    private final Backbone backbone;
    private final TrainRequest request;
    private final Graft<T> graft;

    Network(Graph graph, Class<T> type, Backbone backbone, Method method, TrainRequest request) {
        this.tf = Ops.create(graph);
        this.vars = new Vars<>(tf, type);
        this.backbone = backbone;
        this.request = request;
        this.graft = method.graft(vars, Settings.of(method.spec().settings(), request.methodSettings()));
        Shape matrix = Shape.of(-1, -1);
        this.ids = tf.withName("ids").placeholder(TInt32.class, Placeholder.shape(matrix));
        this.segments = tf.withName("segments").placeholder(TInt32.class, Placeholder.shape(matrix));
        this.mask = tf.withName("mask").placeholder(type, Placeholder.shape(matrix));
        this.targets = tf.withName("targets").placeholder(type, Placeholder.shape(Shape.of(-1)));
        this.noise = tf.withName("noise").placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
        this.outputs = outputs(0);
        this.loss = loss(outputs);
        double dropout = request.training().dropout();
        this.trainingLoss = dropout == 0 ? loss : loss(outputs(dropout));
    }

    private Operand<T> outputs(double dropout) {
        Layers<T> layers = new Layers<>(tf, vars, graft, dropout, noise);
        Rows<T> rows = backbone.states(tf, layers, ids, segments, mask);
        Operand<T> pooled = layers.dropout(pool(layers, rows));
        Joint head = new Joint("head", -1, Site.HEAD, backbone.spec().hidden(), request.classes());
        return layers.head(head, pooled, request.training().trainHead());
    }

    /** Both forms leave a soft prompt aside: [B, S', d] to [B, d]. */
    private Operand<T> pool(Layers<T> layers, Rows<T> rows) {
        Operand<T> text = tf.slice(
                rows.values(), tf.constant(new int[] {0, rows.prompt(), 0}), tf.constant(new int[] {-1, -1, -1}));
        if (request.training().pooling().equals("cls")) {
            return tf.gather(text, tf.constant(0), tf.constant(1));
        }
        Operand<T> weights = tf.expandDims(mask, tf.constant(2));
        Operand<T> sum = tf.sum(tf.math.mul(text, weights), tf.constant(1));
        return tf.math.div(sum, tf.sum(weights, tf.constant(1)));
    }

    /** Cross entropy of the right class, or the squared error of a regression; mean over the batch. */
    private Operand<T> loss(Operand<T> answers) {
        if (request.regression()) {
            Operand<T> column = tf.gather(answers, tf.constant(0), tf.constant(1));
            return tf.math.mean(tf.math.squaredDifference(column, targets), tf.constant(0));
        }
        Operand<TInt32> labels = tf.dtypes.cast(targets, TInt32.class);
        Operand<TInt32> numbers = tf.range(tf.constant(0), tf.size(labels), tf.constant(1));
        Operand<TInt32> places = tf.stack(List.of(numbers, labels), org.tensorflow.op.core.Stack.axis(1L));
        Operand<T> right = tf.gatherNd(tf.nn.logSoftmax(answers), places);
        return tf.math.neg(tf.math.mean(right, tf.constant(0)));
    }
}
