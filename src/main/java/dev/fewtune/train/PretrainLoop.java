package dev.fewtune.train;

import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.util.ArrayList;
import java.util.List;

/** The steps of a pretraining. A round is what lies between two looks at the held-out text. */
final class PretrainLoop {
    private final PretrainRequest request;
    private final Learner<?> learner;
    private final Noising noising;
    private final Progress progress;
    private final Schedule schedule;

    /** @param rate the peak where none is said */
    PretrainLoop(PretrainRequest request, double rate, Learner<?> learner, Noising noising, Progress progress) {
        this.request = request;
        this.learner = learner;
        this.noising = noising;
        this.progress = progress;
        this.schedule = request.training().schedule(rate, request.steps());
    }

    Position run(Checkpoints checkpoints) {
        Position position = checkpoints.resume(learner).orElse(Position.START);
        if (position.step() > 0) {
            progress.log("Goes on from step %s of %s.".formatted(position.step(), request.steps()));
        }
        while (position.step() < request.steps()) {
            try {
                progress.check();
            } catch (CancelledException cancelled) {
                checkpoints.save(learner, position);
                throw cancelled;
            }
            position = step(position, checkpoints);
            progress.at(position.step(), request.steps());
            boolean looks = position.step() % request.every() == 0 || position.step() == request.steps();
            if (looks) {
                position = look(position);
            }
            int due = request.training().checkpointEvery();
            if (looks || due > 0 && position.step() % due == 0) {
                checkpoints.save(learner, position);
            }
        }
        return position;
    }

    private Position step(Position position, Checkpoints checkpoints) {
        List<Batch> parts = new ArrayList<>();
        int count = request.training().accumulate();
        for (int i = 0; i < count; i++) {
            parts.add(noising.batch(position.step() * count + i));
        }
        double rate = schedule.at(position.step());
        long began = System.nanoTime();
        double loss = learner.step(parts, rate, position.step(), () -> {});
        if (!Double.isFinite(loss)) {
            throw CellFailure.yours(
                    "The loss is %s at step %s with learning rate %s. %s Maybe a lower lr.",
                    loss, position.step() + 1, rate, checkpoints.last());
        }
        progress.metric("loss", position.step() + 1, loss);
        return position.stepped(loss, parts, (System.nanoTime() - began) / 1e9);
    }

    private Position look(Position position) {
        double loss = 0;
        for (Batch batch : noising.heldOut()) {
            for (double[] text : learner.predict(batch)) {
                loss -= text[0];
            }
        }
        double heldOut = loss / noising.targets();
        double weight = noising.batch(0).weight() * request.training().accumulate();
        double train = position.lossSum() / (weight * steps(position));
        progress.metric("held_out_loss", position.step(), heldOut);
        progress.log(String.format(
                java.util.Locale.ROOT,
                "Step %,d: loss %.4f, held out %.4f nats per token.",
                position.step(),
                train,
                heldOut));
        return position.validated(new TrainResult.Point(position.epoch(), train, heldOut, -heldOut), false);
    }

    /** Of this round. */
    private long steps(Position position) {
        return position.batch() / request.training().accumulate();
    }
}
