package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.types.TFloat32;

/** Trains one method on one backbone, in float32 or with matrices in bfloat16. */
public final class Trainer {
    /** The file in the output folder that holds every trained tensor, the head included. */
    public static final String ADAPTER = "adapter.safetensors";

    private final Supply supply;
    private final List<Learned> learned;
    private final boolean leaves;

    public Trainer(Supply supply) {
        this(supply, List.of());
    }

    /** @param learned what earlier steps have learned, as the request says it */
    public Trainer(Supply supply, List<Learned> learned) {
        this(supply, learned, false);
    }

    private Trainer(Supply supply, List<Learned> learned, boolean leaves) {
        this.supply = supply;
        this.learned = List.copyOf(learned);
        this.leaves = leaves;
    }

    /** The same, which leaves {@code source.safetensors} for other trainings beside the adapter. */
    public Trainer leavingSource() {
        return new Trainer(supply, learned, true);
    }

    /**
     * Trains, keeps the epoch with the highest score on validation, and writes {@code adapter.safetensors}. Where the
     * checkpoints folder holds a state of the same request and data, training goes on from it and ends with the same
     * bits.
     *
     * @param metric (targets, predictions) to a score, the higher the better; predictions are class numbers or values
     * @param out folder of the adapter
     * @param checkpoints folder that outlives an interrupted attempt
     * @throws CellFailure YOURS for settings or data that cannot work, RESOURCE where memory or disk ran out
     * @throws dev.fewtune.spec.CancelledException where progress says so, after a checkpoint
     */
    public TrainResult run(
            TrainRequest request,
            Encoded train,
            Encoded validation,
            ToDoubleBiFunction<double[], double[]> metric,
            Path out,
            Path checkpoints,
            Progress progress) {
        Judge judge = (split, answers) ->
                metric.applyAsDouble(split.targets(), Outputs.predictions(answers.outputs(), request.regression()));
        return train(request, train, validation, judge, out, checkpoints, progress);
    }

    /** The same with a judge of whole answers, for objectives that write texts. */
    public TrainResult train(
            TrainRequest request,
            Encoded train,
            Encoded validation,
            Judge judge,
            Path out,
            Path checkpoints,
            Progress progress) {
        Backbone backbone = supply.backbone(request.backbone());
        Optional<String> refusal = Objective.refusal(request.aim(), backbone);
        if (refusal.isPresent()) {
            return notApplicable(refusal.get());
        }
        Method method = supply.method(request.method());
        if (method.headAlone() && !request.aim().objective().equals(Aim.HEAD)) {
            return notApplicable("%s trains a head, and the objective %s has none."
                    .formatted(request.method(), request.aim().objective()));
        }
        Settings settings = supply.settings(method, request.methodSettings());
        Splits.require(request, backbone.spec(), train, validation);
        try (Learners.Loan loan = supply.learner(plan(request, backbone, method, settings), request.seed())) {
            Learner<TFloat32> learner = loan.learner();
            Vars<TFloat32> vars = learner.model().vars();
            if (vars.trained().isEmpty() || holdsNothing(vars, method)) {
                return notApplicable("%s has nothing to train on %s.".formatted(request.method(), request.backbone()));
            }
            int after = Splits.after(backbone, request.aim());
            Splits.requireRoom(backbone.spec(), learner.model().before(), after, train, validation);
            Fitting fitting = new Fitting(
                    request,
                    method.spec().learningRate().of(backbone.spec()),
                    backbone.identity(),
                    learner,
                    new Keeping<>(supply.shelf(), learner, backbone.identity(), progress),
                    judge,
                    progress);
            TrainResult result = fitting.run(train, validation, out.resolve(ADAPTER), checkpoints);
            learner.restore(adapter(out));
            if (leaves) {
                SourceFile.write(learner, out.resolve(SourceFile.NAME));
                Looks.write(learner, learned, validation, out);
            }
            if (request.beside().members().isEmpty()) {
                Interchange.deliver(learner, backbone, method, settings, request, out.resolve(Interchange.FOLDER))
                        .ifPresent(why -> progress.log("No folder for PEFT: " + why));
            }
            loan.sound();
            return result;
        } catch (TFResourceExhaustedException e) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "Memory ran out before training %s on %s began. Maybe a smaller backbone, or precision: bf16."
                            .formatted(request.method(), request.backbone()),
                    e);
        }
    }

    /**
     * Trained parameters of a method, without reading any weights.
     *
     * @return counts as in {@link TrainResult}; all else is zero
     */
    public TrainResult counts(TrainRequest request) {
        Backbone backbone = supply.backbone(request.backbone());
        Method method = supply.method(request.method());
        try (org.tensorflow.Graph graph = new org.tensorflow.Graph()) {
            Model<TFloat32> model = new Model<>(
                    org.tensorflow.op.Ops.create(graph),
                    TFloat32.class,
                    backbone,
                    method,
                    supply.settings(method, request.methodSettings()),
                    task(request),
                    false);
            Vars<TFloat32> vars = model.vars();
            return new TrainResult(
                    null,
                    vars.count(Share.METHOD),
                    vars.count(Share.NORMS),
                    vars.count(Share.HEAD),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of());
        }
    }

    private Learners.Plan plan(TrainRequest request, Backbone backbone, Method method, Settings settings) {
        List<Beside.Gift> gifts = learned.stream().map(Learned::gift).toList();
        if (!gifts.equals(request.beside().gifts())) {
            throw new IllegalArgumentException("The request is made for other gifts than %s.".formatted(gifts));
        }
        List<Source> sources = learned.stream().map(Learned::source).toList();
        return new Learners.Plan(
                backbone,
                method,
                settings,
                task(request).beside(sources, request.beside().members()),
                request.training().optimizing(method.spec().learningRate().of(backbone.spec())));
    }

    /** With zeros for what earlier steps have learned: an adapter holds what stays of it. */
    static Model.Task task(TrainRequest request) {
        TrainSettings training = request.training();
        return new Model.Task(
                request.classes(),
                request.regression(),
                training.pooling(),
                training.dropout(),
                training.trainHead(),
                training.backboneDropout() ? training.dropout() : 0,
                training.labelSmoothing(),
                Precision.of(training.precision()),
                request.aim(),
                request.beside().gifts().stream().map(Beside.Gift::blank).toList(),
                request.beside().members());
    }

    private static boolean holdsNothing(Vars<?> vars, Method method) {
        return !method.headAlone() && vars.count(Share.METHOD) + vars.count(Share.NORMS) == 0;
    }

    private static Safetensors adapter(Path out) {
        try {
            return Safetensors.open(out.resolve(ADAPTER));
        } catch (IOException e) {
            throw new CellFailure(Cause.RESOURCE, "The adapter %s cannot be read.".formatted(ADAPTER), e);
        }
    }

    private static TrainResult notApplicable(String why) {
        return new TrainResult(why, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    }
}
