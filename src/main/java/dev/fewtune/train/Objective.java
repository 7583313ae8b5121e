package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.types.family.TFloating;

/** What stands on a backbone: what it answers, and what it loses by it. */
sealed interface Objective<T extends TFloating> permits ClassHead, Continuation, WordChoice, MaskChoice, Restoration {
    /**
     * Writes the network and what stands on it into a graph.
     *
     * @param pass with dropout, or without
     */
    Forward<T> forward(Pass<T> pass);

    /** The mean over what is learned, a scalar. */
    Operand<T> loss(Pass<T> pass, Forward<T> forward);

    /** The same, with the same places to feed, of the network under another graft that teaches this one. */
    default Objective<T> taughtBy(Graft<T> teacher) {
        throw CellFailure.yours(
                "This objective has no teacher. Maybe distill: 0, or another objective: head, text-to-text, or a"
                        + " verbalizer on a masked-language head.");
    }

    /** Feeds what the outputs are made of. */
    void feed(Session.Runner runner, Batch batch, Tensors open);

    /** Feeds what the loss needs besides. */
    void feedTargets(Session.Runner runner, Batch batch, Tensors open);

    /** Which tokens of a text the network reads; names it, for what is kept of the texts. */
    default String reads() {
        return "all";
    }

    /** The same mean, over all outputs of a split. */
    double loss(double[][] outputs, double[] targets);

    /** Where it writes texts; empty where it does not. */
    default Optional<Writing<T>> writing(Pass<T> pass) {
        return Optional.empty();
    }

    /**
     * @param outputs [batch, numbers]
     * @param before rows that the method puts before the text
     * @param seen what a student is compared by; null where nothing can be
     */
    record Forward<T extends TFloating>(Operand<T> outputs, int before, Imitation.Seen<T> seen) {
        Forward(Operand<T> outputs, int before) {
            this(outputs, before, null);
        }
    }

    /** What all objectives stand on. */
    record Base<T extends TFloating>(
            Inputs<T> inputs,
            Vars<T> vars,
            Backbone backbone,
            Graft<T> graft,
            double dropout,
            Level.Collected<T> levels) {
        /** At none of whose levels the network is cut. */
        Base<T> under(Graft<T> other) {
            return new Base<>(inputs, vars, backbone, other, dropout, new Level.Collected<>());
        }

        Layers<T> layers(Pass<T> pass) {
            return new Layers<>(pass, vars, graft, dropout, levels::layer);
        }
    }

    static <T extends TFloating> Objective<T> of(Pass<T> pass, Base<T> base, Model.Task task) {
        Aim aim = task.aim();
        return switch (aim.objective()) {
            case Aim.HEAD -> new ClassHead<>(pass, base, task);
            case Aim.TEXT_TO_TEXT -> new Continuation<>(pass, base, writer(base), task);
            case Aim.RESTORE ->
                new Restoration<>(pass, base, base.backbone().filler().orElseThrow());
            default ->
                base.backbone().writer().isPresent()
                        ? new WordChoice<>(pass, base, writer(base), task)
                        : new MaskChoice<>(pass, base, base.backbone().filler().orElseThrow(), task);
        };
    }

    /** Why a backbone cannot be asked for this; empty where it can. */
    static Optional<String> refusal(Aim aim, Backbone backbone) {
        boolean writes = backbone.writer().isPresent();
        String name = backbone.spec().name();
        return switch (aim.objective()) {
            case Aim.HEAD -> Optional.empty();
            case Aim.TEXT_TO_TEXT ->
                writes
                        ? Optional.empty()
                        : Optional.of("text-to-text needs a decoder, and %s has none.".formatted(name));
            default ->
                writes || backbone.filler().isPresent()
                        ? Optional.empty()
                        : Optional.of("a verbalizer needs a decoder or a masked-language head, and %s has neither."
                                .formatted(name));
        };
    }

    private static <T extends TFloating> dev.fewtune.backbone.Writer writer(Base<T> base) {
        return base.backbone().writer().orElseThrow();
    }
}
