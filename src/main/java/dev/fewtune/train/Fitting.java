package dev.fewtune.train;

import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.tensorflow.types.TFloat32;

/** The loop of one training: epochs, steps, validations, checkpoints. */
final class Fitting {
    private static final int VALIDATION_BATCH = 64;

    private final TrainRequest request;
    private final TrainSettings training;
    private final double peakRate;
    private final Learner<TFloat32> learner;
    private final ToDoubleBiFunction<double[], double[]> metric;
    private final Progress progress;
    private final Memory memory = new Memory();

    Fitting(
            TrainRequest request,
            double methodRate,
            Learner<TFloat32> learner,
            ToDoubleBiFunction<double[], double[]> metric,
            Progress progress) {
        this.request = request;
        this.training = request.training();
        this.peakRate = training.learningRate() > 0 ? training.learningRate() : methodRate;
        this.learner = learner;
        this.metric = metric;
        this.progress = progress;
    }

    TrainResult run(Encoded train, Encoded validation, Path adapter, Path folder) {
        int perEpoch = Batches.sorted(train, training.batchSize()).size();
        long total = (long) perEpoch * training.epochs();
        Schedule schedule = new Schedule(training.schedule(), peakRate, training.warmup(), total);
        Checkpoints checkpoints = new Checkpoints(folder, owner(train, validation));
        Position position = checkpoints.resume(learner).orElse(Position.START);
        if (position.step() > 0) {
            progress.log("Goes on from step %s of %s.".formatted(position.step(), total));
        }
        while (position.epoch() <= training.epochs()) {
            position = epoch(position, train, schedule, checkpoints);
            position = validate(position, train.size(), validation, checkpoints);
            if (position.epoch() <= training.epochs()) {
                checkpoints.save(learner, position);
            }
        }
        return result(position, train.size(), checkpoints.deliver(adapter));
    }

    private Position epoch(Position from, Encoded train, Schedule schedule, Checkpoints checkpoints) {
        Position position = from;
        List<int[]> batches = Batches.shuffled(train, training.batchSize(), request.seed(), position.epoch());
        while (position.batch() < batches.size()) {
            checkCancelled(position, checkpoints);
            position = step(position, Batch.of(train, batches.get(position.batch())), schedule);
            progress.at(position.step(), schedule.steps());
            boolean due = training.checkpointEvery() > 0 && position.step() % training.checkpointEvery() == 0;
            if (due && position.batch() < batches.size()) {
                checkpoints.save(learner, position);
            }
        }
        return position;
    }

    private Position step(Position position, Batch batch, Schedule schedule) {
        long begin = System.nanoTime();
        double loss = learner.step(batch, schedule.at(position.step()), position.step());
        double seconds = (System.nanoTime() - begin) / 1e9;
        memory.sample();
        if (!Double.isFinite(loss)) {
            throw CellFailure.yours(
                    "The loss became %s at step %s with lr %s. Maybe a lower lr.", loss, position.step() + 1, peakRate);
        }
        progress.metric("loss", position.step() + 1, loss);
        return position.stepped(
                loss, batch.rows().length, seconds, (long) batch.rows().length * batch.width(), batch.filled());
    }

    private Position validate(Position position, int examples, Encoded validation, Checkpoints checkpoints) {
        double[][] outputs = new double[validation.size()][];
        for (int[] rows : Batches.sorted(validation, Math.max(VALIDATION_BATCH, training.batchSize()))) {
            checkCancelled(position, checkpoints);
            double[][] found = learner.predict(Batch.of(validation, rows));
            for (int i = 0; i < rows.length; i++) {
                outputs[rows[i]] = found[i];
            }
        }
        double loss = Outputs.loss(outputs, validation.targets(), request.regression());
        double score = metric.applyAsDouble(validation.targets(), Outputs.predictions(outputs, request.regression()));
        progress.metric("validation_loss", position.step(), loss);
        progress.metric(request.metric(), position.step(), score);
        boolean better = position.best() == 0 || score > position.bestScore();
        if (better) {
            checkpoints.keepBest(
                    learner,
                    Map.of("backbone", request.backbone(), "method", request.method(), "format", "fewtune/v1"));
        }
        return position.validated(
                new TrainResult.Point(position.epoch(), position.lossSum() / examples, loss, score), better);
    }

    private void checkCancelled(Position position, Checkpoints checkpoints) {
        try {
            progress.check();
        } catch (CancelledException e) {
            checkpoints.save(learner, position);
            throw e;
        }
    }

    private TrainResult result(Position position, int examples, long adapterBytes) {
        Vars<TFloat32> vars = learner.model().vars();
        memory.sample();
        return new TrainResult(
                null,
                vars.count(Share.METHOD),
                vars.count(Share.NORMS),
                vars.count(Share.HEAD),
                peakRate,
                position.best(),
                Math.toIntExact(position.step()),
                position.seconds(),
                (double) examples * training.epochs() / position.seconds(),
                memory.peakBytes(),
                adapterBytes,
                1 - (double) position.filled() / position.slots(),
                position.curve());
    }

    private String owner(Encoded train, Encoded validation) {
        return "%s %s %s"
                .formatted(request, train.ids().hashCode(), validation.ids().hashCode());
    }
}
