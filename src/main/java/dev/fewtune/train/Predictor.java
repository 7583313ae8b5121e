package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.method.Method;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.types.TFloat32;

/** A trained model that answers. */
public final class Predictor implements AutoCloseable {
    private final Learners.Loan loan;
    private final Learner<TFloat32> learner;
    private final dev.fewtune.spec.BackboneSpec backbone;
    private final int after;

    /**
     * What was answered.
     *
     * @param answers see {@link Answers}
     * @param examplesPerSecond wall time of the passes alone
     */
    public record Answer(Answers answers, double examplesPerSecond) {
        /** See {@link Answers#outputs}. */
        public double[][] outputs() {
            return answers.outputs();
        }
    }

    /**
     * In how many ways a training may be used, by numbers from 0 on.
     *
     * @param what the numbers count, such as dropped_layers
     */
    public record Ways(int count, String what) {}

    /**
     * Builds the model of a request and sets its trained tensors.
     *
     * @param adapter the file that {@link Trainer#run} wrote
     */
    public Predictor(Supply supply, TrainRequest request, Path adapter) {
        this(supply, request, request.training().precision(), adapter);
    }

    /** @param precision in which it answers, whatever it was trained in: f32 or bf16 */
    public Predictor(Supply supply, TrainRequest request, String precision, Path adapter) {
        Backbone known = supply.backbone(request.backbone());
        Method method = supply.method(request.method());
        this.backbone = known.spec();
        this.after = Splits.after(known, request.aim());
        this.loan = supply.learner(
                new Learners.Plan(
                        known,
                        method,
                        supply.settings(method, request.methodSettings()),
                        Trainer.task(request).in(Precision.of(precision)),
                        null),
                request.seed());
        this.learner = loan.learner();
        try {
            learner.restore(Safetensors.open(adapter));
        } catch (IOException e) {
            loan.close();
            throw new CellFailure(Cause.RESOURCE, "The adapter %s cannot be read.".formatted(adapter.getFileName()), e);
        } catch (RuntimeException e) {
            loan.close();
            throw e;
        }
    }

    /** In how many ways this training may be used; empty for one. */
    public Optional<Ways> ways() {
        return learner.levels().map(levels -> new Ways(levels.count(), levels.what()));
    }

    /**
     * Says in which of these ways it answers from now on.
     *
     * @param way from 0
     */
    public void use(int way) {
        learner.use(way);
    }

    /**
     * Computes the whole network for each text, kept states or not: its speed is what a user would see.
     *
     * @throws CellFailure with cause RESOURCE where memory ran out
     */
    public Answer predict(Encoded split, int batchSize, Progress progress) {
        Splits.requireRoom(backbone, learner.model().before(), after, split);
        Questions questions = new Questions(learner, split);
        long done = 0;
        try {
            for (int[] rows : Batches.sorted(split, batchSize)) {
                progress.check();
                questions.ask(Batch.of(split, rows), progress::check);
                done += rows.length;
                progress.at(done, split.size());
            }
        } catch (TFResourceExhaustedException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "Memory ran out with batches of %s examples.".formatted(batchSize), e);
        }
        loan.sound();
        double seconds = questions.seconds();
        return new Answer(questions.answers(), seconds == 0 ? 0 : split.size() / seconds);
    }

    @Override
    public void close() {
        loan.close();
    }
}
