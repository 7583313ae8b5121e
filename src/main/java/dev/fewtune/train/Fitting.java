package dev.fewtune.train;

import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Code;
import dev.fewtune.spec.Progress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** The loop of one training: epochs, steps, validations, checkpoints. */
final class Fitting {
    private static final int VALIDATION_BATCH = 64;

    private final TrainRequest request;
    private final TrainSettings training;
    private final double methodRate;
    private final String weights;
    private final Learner<?> learner;
    private final Keeping<?> keeping;
    private final Judge judge;
    private final Progress progress;
    private final Memory memory = new Memory();
    private long largest;

    /**
     * @param methodRate the learning rate that the method has where none is given
     * @param weights identity of the pretrained weights
     */
    Fitting(
            TrainRequest request,
            double methodRate,
            String weights,
            Learner<?> learner,
            Keeping<?> keeping,
            Judge judge,
            Progress progress) {
        this.request = request;
        this.training = request.training();
        this.methodRate = methodRate;
        this.weights = weights;
        this.learner = learner;
        this.keeping = keeping;
        this.judge = judge;
        this.progress = progress;
    }

    TrainResult run(Encoded train, Encoded validation, Path adapter, Path folder) {
        boolean keeps = training.keepStates();
        try (States learned = keeps ? keeping.ofLearning(train) : States.NONE;
                States asked = keeps ? keeping.ofAnswering(validation, "validation") : States.NONE) {
            return run(new Split(train, learned), new Split(validation, asked), adapter, folder);
        }
    }

    /** Examples, and what is kept of them. */
    private record Split(Encoded examples, States states) {
        Batch batch(Batches.Cut cut) {
            return Batch.of(examples, cut.rows(), cut.width()).from(states);
        }

        Batch batch(int[] rows) {
            return Batch.of(examples, rows).from(states);
        }
    }

    private TrainResult run(Split learned, Split asked, Path adapter, Path folder) {
        Encoded train = learned.examples();
        Cutting batches = Cutting.of(request, train);
        int parts = training.accumulate();
        int perEpoch = (batches.epoch(request.seed(), 1).size() + parts - 1) / parts;
        long total = (long) perEpoch * training.epochs();
        long all = total * learner.parts();
        Schedule schedule = training.schedule(methodRate, total);
        Owner owner = Owner.of(Code.hash(), request, weights, train, asked.examples());
        Checkpoints checkpoints = new Checkpoints(folder, owner, progress);
        Position position = checkpoints.resume(learner).orElse(Position.START);
        if (position.step() > 0) {
            progress.log("Goes on from step %s of %s.".formatted(position.step(), all));
        } else {
            position = position.spent(enter(position, 0, learned, batches));
        }
        position = part(position, learned, asked, batches, schedule, checkpoints);
        while (position.part().number() + 1 < learner.parts()) {
            position = next(position, learned, batches, checkpoints);
            position = part(position, learned, asked, batches, schedule, checkpoints);
        }
        return result(position, train.size(), checkpoints.deliver(adapter));
    }

    private Position part(
            Position from, Split learned, Split asked, Cutting batches, Schedule schedule, Checkpoints checkpoints) {
        Position position = from;
        boolean last = position.part().number() + 1 == learner.parts();
        while (!ended(position)) {
            position = epoch(position, learned, batches, schedule, checkpoints);
            position = validate(position, learned.examples().weight(), asked, checkpoints);
            if (!last || !ended(position)) {
                checkpoints.save(learner, position);
            }
        }
        if (position.epochOfPart() <= training.epochs()) {
            progress.log("Ends after epoch %s of %s: no better score since epoch %s."
                    .formatted(position.epochOfPart() - 1, training.epochs(), position.best()));
        }
        return position;
    }

    /** Goes over to the next part; what an interruption undoes is done again from the state before. */
    private Position next(Position position, Split learned, Cutting batches, Checkpoints checkpoints) {
        checkpoints.restoreBest(learner);
        Position next = position.next(enter(position, position.part().number() + 1, learned, batches));
        checkpoints.save(learner, next);
        return next;
    }

    /** @return the seconds that it took */
    private double enter(Position position, int part, Split learned, Cutting batches) {
        List<Batches.Cut> cuts = batches.epoch(request.seed(), position.epoch());
        IntFunction<Batch> batch = number -> learned.batch(cuts.get(number));
        int width = cuts.stream().mapToInt(Batches.Cut::width).max().orElse(1);
        long begin = System.nanoTime();
        long draw = position.stepOfPart() * training.accumulate();
        try {
            learner.enter(part, cuts.size(), batch, draw, progress::check).forEach(progress::log);
        } catch (TFResourceExhaustedException | OutOfMemoryError e) {
            throw new CellFailure(Cause.RESOURCE, Shortage.says(request, training.batchSize(), width, largest), e);
        }
        memory.sample();
        return (System.nanoTime() - begin) / 1e9;
    }

    private boolean ended(Position position) {
        return position.epochOfPart() > training.epochs()
                || training.patience() > 0 && position.best() > 0 && position.since() >= training.patience();
    }

    private Position epoch(Position from, Split train, Cutting batches, Schedule schedule, Checkpoints checkpoints) {
        Position position = from;
        List<Batches.Cut> cuts = batches.epoch(request.seed(), position.epoch());
        while (position.batch() < cuts.size()) {
            int to = Math.min(cuts.size(), position.batch() + training.accumulate());
            List<Batch> parts = cuts.subList(position.batch(), to).stream()
                    .map(train::batch)
                    .toList();
            position = step(position, parts, schedule, checkpoints);
            progress.at(position.step(), schedule.steps() * learner.parts());
            boolean due = training.checkpointEvery() > 0 && position.step() % training.checkpointEvery() == 0;
            if (due && position.batch() < cuts.size()) {
                checkpoints.save(learner, position);
            }
        }
        return position;
    }

    private Position step(Position position, List<Batch> parts, Schedule schedule, Checkpoints checkpoints) {
        long begin = System.nanoTime();
        double rate = schedule.at(position.stepOfPart());
        double loss = fitting(
                Collections.max(parts, Comparator.comparingLong(Batch::slots)),
                () -> learner.step(
                        parts,
                        rate,
                        position.stepOfPart(),
                        schedule.steps(),
                        () -> checkCancelled(position, checkpoints)));
        double seconds = (System.nanoTime() - begin) / 1e9;
        memory.sample();
        if (!Double.isFinite(loss)) {
            throw CellFailure.yours(
                    "The loss became %s at step %s, where the learning rate was %s (peak %s). %s Maybe a lower lr.",
                    loss, position.step() + 1, rate, schedule.peak(), checkpoints.last());
        }
        progress.metric("loss", position.step() + 1, loss);
        return position.stepped(loss, parts, seconds);
    }

    private Position validate(Position position, double weight, Split asked, Checkpoints checkpoints) {
        Encoded validation = asked.examples();
        Questions questions = new Questions(learner, validation);
        int size = Math.max(VALIDATION_BATCH, training.batchSize());
        for (int[] rows : Batches.sorted(validation, size, training.batchTokens())) {
            checkCancelled(position, checkpoints);
            Batch batch = asked.batch(rows);
            fitting(batch, () -> {
                questions.ask(batch, () -> checkCancelled(position, checkpoints));
                return batch;
            });
        }
        Answers answers = questions.answers();
        double loss = learner.model().objective().loss(answers.outputs(), validation.targets());
        double score = judge.score(validation, answers);
        progress.metric("validation_loss", position.step(), loss);
        progress.metric(request.metric(), position.step(), score);
        progress.metric("padding_share", position.step(), position.paddingShare());
        boolean better = position.best() == 0 || score > position.bestScore();
        if (better) {
            checkpoints.keepBest(
                    learner,
                    position,
                    Map.of(
                            "backbone",
                            request.backbone(),
                            Interchange.WEIGHTS,
                            weights,
                            "method",
                            request.method(),
                            "format",
                            "fewtune/v1"));
        }
        return position.validated(
                new TrainResult.Point(position.epoch(), position.lossSum() / weight, loss, score), better);
    }

    private interface Work<V> {
        V done();
    }

    /** @param batch the largest one that the work is on */
    private <V> V fitting(Batch batch, Work<V> work) {
        try {
            V done = work.done();
            largest = Math.max(largest, batch.slots());
            return done;
        } catch (TFResourceExhaustedException | OutOfMemoryError e) {
            throw new CellFailure(
                    Cause.RESOURCE, Shortage.says(request, batch.rows().length, batch.width(), largest), e);
        }
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
        Vars<?> vars = learner.model().vars();
        memory.sample();
        return new TrainResult(
                null,
                vars.count(Share.METHOD),
                vars.count(Share.NORMS),
                vars.count(Share.HEAD),
                training.peakRate(methodRate),
                position.best(),
                Math.toIntExact(position.step()),
                position.seconds(),
                (double) examples * position.curve().size() / position.seconds(),
                memory.peakBytes(),
                adapterBytes,
                position.paddingShare(),
                position.curve());
    }
}
