package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Vocabulary;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.spec.CellFailure;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The class whose word a masked-language head puts at the mask; words have one token each (pattern and verbalizer of
 * Schick, Schütze, arXiv 2001.07676, section 3).
 */
final class MaskChoice<T extends TFloating> implements Objective<T> {
    private final Base<T> base;
    private final Vocabulary filler;
    private final int mask;
    private final double smoothing;
    private final int[] words;
    private final Operand<TInt32> places;
    private final Operand<TInt32> classes;
    private final List<Beside.Member> members;

    /** @throws CellFailure with cause YOURS where a word has several tokens */
    MaskChoice(Pass<T> pass, Base<T> base, Vocabulary filler, Model.Task task) {
        this.base = base;
        this.filler = filler;
        this.mask = task.aim().mask();
        this.smoothing = task.smoothing();
        this.words = task.aim().words().stream().mapToInt(MaskChoice::only).toArray();
        this.places = pass.tf().placeholder(TInt32.class, Inputs.open(1));
        this.classes = pass.tf().placeholder(TInt32.class, Inputs.open(1));
        this.members = task.members();
    }

    private MaskChoice(MaskChoice<T> student, Graft<T> teacher) {
        this.base = student.base.under(teacher);
        this.filler = student.filler;
        this.mask = student.mask;
        this.smoothing = student.smoothing;
        this.words = student.words;
        this.places = student.places;
        this.classes = student.classes;
        this.members = student.members;
    }

    @Override
    public Objective<T> taughtBy(Graft<T> teacher) {
        return new MaskChoice<>(this, teacher);
    }

    @Override
    public Forward<T> forward(Pass<T> pass) {
        Ops tf = pass.tf();
        Inputs<T> text = base.inputs();
        Backbone.Hidden<T> hidden = base.backbone().hidden(base.layers(pass), text.ids(), text.types(), text.mask());
        Operand<TInt32> rows = tf.math.add(places, tf.constant(hidden.before()));
        Operand<T> masked = tf.gather(hidden.states(), rows, tf.constant(1), Gather.batchDims(1L));
        Operand<T> scores = filler.vocabulary(base.layers(pass), masked);
        Operand<T> chosen = tf.gather(scores, tf.constant(words), tf.constant(1), new Gather.Options[0]);
        Operand<T> states = tf.slice(
                hidden.states(), tf.constant(new int[] {0, hidden.before(), 0}), tf.constant(new int[] {-1, -1, -1}));
        Operand<T> counted = Imitation.all(pass, chosen);
        return new Forward<>(
                Members.own(pass, chosen, text.tasks(), members),
                hidden.before(),
                new Imitation.Seen<>(scores, counted, states, text.mask()));
    }

    @Override
    public Operand<T> loss(Pass<T> pass, Forward<T> forward) {
        return Losses.crossEntropy(pass, forward.outputs(), classes, smoothing);
    }

    @Override
    public void feed(Session.Runner runner, Batch batch, Tensors open) {
        base.inputs().feed(runner, batch, open);
        int[] found = new int[batch.rows().length];
        for (int row = 0; row < found.length; row++) {
            found[row] = place(batch, row);
        }
        runner.feed(places, open.add(Inputs.ints(Shape.of(found.length), found)));
    }

    @Override
    public void feedTargets(Session.Runner runner, Batch batch, Tensors open) {
        Losses.feedClasses(runner, classes, batch, open);
    }

    @Override
    public double loss(double[][] outputs, double[] targets) {
        return Outputs.loss(outputs, targets, false);
    }

    private int place(Batch batch, int row) {
        for (int place = 0; place < batch.width(); place++) {
            int at = row * batch.width() + place;
            if (batch.ids()[at] == mask && batch.mask()[at] == 1) {
                return place;
            }
        }
        throw CellFailure.yours(
                "Text %s has no mask (token %s) that %s could fill. Maybe {mask} in the template.",
                batch.rows()[row] + 1, mask, base.backbone().spec().name());
    }

    private static int only(List<Integer> word) {
        if (word.size() != 1) {
            throw CellFailure.yours(
                    "A masked-language head fills one token, and the word of a class has %s: %s.", word.size(), word);
        }
        return word.get(0);
    }
}
