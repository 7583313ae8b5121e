package dev.fewtune.train;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Progress;
import dev.fewtune.task.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.types.TFloat32;

/** The steps of one training: its mutable state lives and ends here. */
final class Loop {
    private final TrainRequest request;
    private final TrainSettings settings;
    private final double rate;
    private final Encoded train;
    private final Encoded validation;
    private final Running<TFloat32> running;
    private final Network<TFloat32> network;
    private final Optimizer<TFloat32> optimizer;
    private final String identity;
    private final int stepsPerEpoch;
    private final int total;
    private final Schedule schedule;
    private final Memory memory = new Memory();
    private final List<TrainResult.Point> curve = new ArrayList<>();
    private Map<String, Safetensors.Entry> best = Map.of();
    private double bestScore = Double.NaN;
    private int bestEpoch;
    private int step;
    private double seconds;
    private double epochLoss;
    private long tokens;
    private long slots;

    Loop(
            TrainRequest request,
            double rate,
            Encoded train,
            Encoded validation,
            Running<TFloat32> running,
            Network<TFloat32> network,
            Optimizer<TFloat32> optimizer) {
        this.request = request;
        this.settings = request.training();
        this.rate = rate;
        this.train = train;
        this.validation = validation;
        this.running = running;
        this.network = network;
        this.optimizer = optimizer;
        this.identity = Checkpoint.identity(request, train, validation);
        this.stepsPerEpoch =
                Batches.ofEpoch(train, settings.batchSize(), request.seed(), 1).size();
        this.total = stepsPerEpoch * settings.epochs();
        this.schedule = Schedule.of(settings, rate, total);
    }

    void run(Path checkpoints, Progress progress) throws IOException {
        resume(checkpoints, progress);
        try {
            while (step < total) {
                epoch(step / stepsPerEpoch + 1, checkpoints, progress);
            }
        } catch (CancelledException cancelled) {
            checkpoint(checkpoints);
            throw cancelled;
        }
    }

    Map<String, Safetensors.Entry> best() {
        return best;
    }

    TrainResult result(Vars<TFloat32> vars, long adapterBytes) {
        return new TrainResult(
                null,
                vars.count(Share.METHOD),
                vars.count(Share.NORMS),
                vars.count(Share.HEAD),
                rate,
                bestEpoch,
                total,
                seconds,
                (double) train.size() * settings.epochs() / Math.max(seconds, 1e-9),
                memory.peakBytes(),
                adapterBytes,
                slots == 0 ? 0 : 1 - (double) tokens / slots,
                curve);
    }

    private void epoch(int epoch, Path checkpoints, Progress progress) throws IOException {
        List<int[]> batches = Batches.ofEpoch(train, settings.batchSize(), request.seed(), epoch);
        long noise = new KeyedRandom(request.seed(), "dropout").nextLong() >>> 1;
        for (int[] rows : batches.subList(step % stepsPerEpoch, batches.size())) {
            progress.check();
            Batches.Batch batch = Batches.of(train, rows);
            long start = System.nanoTime();
            double loss = running.train(optimizer, batch, noise, step, schedule.at(step));
            seconds += (System.nanoTime() - start) / 1e9;
            requireFinite(loss, epoch);
            step++;
            epochLoss += loss;
            tokens += batch.tokens();
            slots += (long) batch.size() * batch.length();
            progress.metric("loss", step, loss);
            progress.at(step, total);
            if (step % stepsPerEpoch == 0) {
                validate(epoch, progress);
                checkpoint(checkpoints);
            } else if (settings.checkpointEvery() > 0 && step % settings.checkpointEvery() == 0) {
                checkpoint(checkpoints);
            }
        }
    }

    private void requireFinite(double loss, int epoch) {
        if (!Double.isFinite(loss)) {
            throw CellFailure.yours(
                    "The loss became %s at step %s of epoch %s. Maybe a smaller learning rate than %s.",
                    loss, step + 1, epoch, rate);
        }
    }

    private void validate(int epoch, Progress progress) {
        memory.sample();
        Running.Answers answers = running.answers(validation, 2 * settings.batchSize(), progress);
        double[] predicted = new Predictions(answers.outputs(), 0).answers(request.regression());
        Double score = Metrics.all(validation.targets(), predicted, request.regression())
                .get(request.metric());
        if (score == null) {
            throw CellFailure.yours(
                    "There is no metric %s here. Known: %s.", request.metric(), Metrics.known(request.regression()));
        }
        curve.add(new TrainResult.Point(epoch, epochLoss / stepsPerEpoch, answers.loss(), score));
        progress.metric("validation_loss", step, answers.loss());
        progress.metric(request.metric(), step, score);
        progress.log(String.format(
                Locale.ROOT,
                "epoch %d: train loss %.4f, validation loss %.4f, %s %.4f",
                epoch,
                epochLoss / stepsPerEpoch,
                answers.loss(),
                request.metric(),
                score));
        epochLoss = 0;
        double better = Metrics.risesWithQuality(request.metric()) ? score - bestScore : bestScore - score;
        if (Double.isNaN(bestScore) || better > 0) {
            bestScore = score;
            bestEpoch = epoch;
            best = running.values().trained(network.vars.trained());
        }
    }

    private void checkpoint(Path folder) throws IOException {
        if (step == total && settings.epochs() == 1) {
            return;
        }
        Map<String, Safetensors.Entry> now =
                new LinkedHashMap<>(running.values().trained(network.vars.trained()));
        now.putAll(running.values()
                .read(
                        optimizer.moments.stream().map(Optimizer.Moment::name).toList(),
                        optimizer.moments.stream().map(Optimizer.Moment::read).toList(),
                        optimizer.moments.stream().map(Optimizer.Moment::shape).toList()));
        new Checkpoint(identity, step, seconds, epochLoss, bestScore, bestEpoch, tokens, slots, curve, now, best)
                .write(folder);
    }

    private void resume(Path folder, Progress progress) throws IOException {
        Checkpoint saved = Checkpoint.read(folder, identity).orElse(null);
        if (saved == null) {
            return;
        }
        Values<TFloat32> values = running.values();
        for (Variable<TFloat32> variable : network.vars.trained()) {
            values.restore(saved.now(), variable.name(), variable.shape(), variable.feed(), variable.assign());
        }
        for (Optimizer.Moment<TFloat32> moment : optimizer.moments) {
            values.restore(saved.now(), moment.name(), moment.shape(), moment.feed(), moment.assign());
        }
        step = saved.step();
        seconds = saved.seconds();
        epochLoss = saved.epochLoss();
        bestScore = saved.bestScore();
        bestEpoch = saved.bestEpoch();
        tokens = saved.tokens();
        slots = saved.slots();
        curve.addAll(saved.curve());
        best = saved.best();
        progress.log("Continuing after step %d of %d from a checkpoint.".formatted(step, total));
        progress.at(step, total);
    }
}
