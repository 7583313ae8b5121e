package dev.fewtune.train;

import dev.fewtune.backbone.Writer;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A text that is written after another one has been read. Learns by the mean cross entropy over the tokens of the targets
 * in a batch, as Transformers does; its outputs are those of {@link Likelihoods}.
 */
final class Continuation<T extends TFloating> implements Objective<T> {
    private final Base<T> base;
    private final Openings<T> openings;
    private final Operand<TInt32> labels;
    private final Aim aim;
    private final double smoothing;

    Continuation(Pass<T> pass, Base<T> base, Writer writer, Model.Task task) {
        this.base = base;
        this.openings = Openings.in(pass.tf(), base.inputs(), writer);
        this.labels = pass.tf().placeholder(TInt32.class, Inputs.open(2));
        this.aim = task.aim();
        this.smoothing = task.smoothing();
    }

    private Continuation(Continuation<T> student, Graft<T> teacher) {
        this.base = student.base.under(teacher);
        this.openings = student.openings;
        this.labels = student.labels;
        this.aim = student.aim;
        this.smoothing = student.smoothing;
    }

    @Override
    public Objective<T> taughtBy(Graft<T> teacher) {
        return new Continuation<>(this, teacher);
    }

    @Override
    public Forward<T> forward(Pass<T> pass) {
        Layers<T> net = base.layers(pass);
        Writer.Memory<T> memory = openings.read(net);
        Likelihoods.Read<T> read =
                Likelihoods.read(net, openings.writer(), memory, openings.begins(), labels, smoothing > 0);
        return new Forward<>(read.sums(), memory.before(), read.seen(pass.tf()));
    }

    @Override
    public Operand<T> loss(Pass<T> pass, Forward<T> forward) {
        Ops tf = pass.tf();
        List<Output<T>> sums = tf.split(
                        tf.constant(0), tf.sum(forward.outputs(), tf.constant(0)), (long) Likelihoods.NUMBERS)
                .output();
        Operand<T> likelihood =
                smoothing > 0 ? Losses.smoothed(pass, sums.get(0), sums.get(2), smoothing) : sums.get(0);
        return tf.math.neg(tf.reshape(tf.math.div(likelihood, sums.get(1)), tf.constant(new int[0])));
    }

    @Override
    public void feed(Session.Runner runner, Batch batch, Tensors open) {
        openings.feed(runner, batch, open);
        int longest = Batch.padded(
                batch.written().stream().mapToInt(text -> text.length).max().orElse(1));
        int rows = batch.rows().length;
        runner.feed(
                labels,
                open.add(Inputs.ints(Shape.of(rows, longest), Likelihoods.padded(batch.written(), rows, longest))));
    }

    /** They are fed already: the outputs are made of them. */
    @Override
    public void feedTargets(Session.Runner runner, Batch batch, Tensors open) {}

    @Override
    public String reads() {
        return openings.reads();
    }

    @Override
    public double loss(double[][] outputs, double[] targets) {
        double loss = 0;
        double tokens = 0;
        for (double[] text : outputs) {
            loss -= text[0];
            tokens += text[1];
        }
        return loss / tokens;
    }

    @Override
    public Optional<Writing<T>> writing(Pass<T> pass) {
        return Optional.of(new Writing<>(base.layers(pass), openings, aim));
    }
}
