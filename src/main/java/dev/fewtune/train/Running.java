package dev.fewtune.train;

import dev.fewtune.spec.Progress;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.family.TNumber;

/** A network in a session: feeds batches and reads answers. */
final class Running<T extends TNumber> {
    private final Network<T> network;
    private final Session session;
    private final Values<T> values;

    Running(Network<T> network, Session session) {
        this.network = network;
        this.session = session;
        this.values = new Values<>(session, network.vars.type());
    }

    Values<T> values() {
        return values;
    }

    /** One optimizer step; returns the loss before it. */
    double train(Optimizer<T> optimizer, Batches.Batch batch, long seed, int step, double rate) {
        try (Fed fed = new Fed(batch);
                Tensor noise = Values.longs(seed, step);
                Tensor rateValue = values.tensor(new double[] {rate});
                Tensor power1 = values.tensor(new double[] {Math.pow(Optimizer.BETA1, step + 1)});
                Tensor power2 = values.tensor(new double[] {Math.pow(Optimizer.BETA2, step + 1)});
                Result result = fed.runner()
                        .feed(network.noise, noise)
                        .feed(optimizer.rate, rateValue)
                        .feed(optimizer.power1, power1)
                        .feed(optimizer.power2, power2)
                        .fetch(network.trainingLoss)
                        .addTarget(optimizer.step)
                        .run()) {
            return Values.doubles(result.get(0))[0];
        }
    }

    /** Any operand that depends on a batch. */
    double[] evaluate(Operand<T> wanted, Batches.Batch batch) {
        try (Fed fed = new Fed(batch);
                Tensor noise = Values.longs(0, 0);
                Result result =
                        fed.runner().feed(network.noise, noise).fetch(wanted).run()) {
            return Values.doubles(result.get(0));
        }
    }

    /** Outputs and the mean loss over a split. */
    Answers answers(Encoded split, int batchSize, Progress progress) {
        double[][] outputs = new double[split.size()][];
        double loss = 0;
        long start = 0;
        int timed = 0;
        for (int[] rows : Batches.sorted(split, batchSize)) {
            progress.check();
            Batches.Batch batch = Batches.of(split, rows);
            try (Fed fed = new Fed(batch);
                    Result result = fed.runner()
                            .fetch(network.outputs)
                            .fetch(network.loss)
                            .run()) {
                double[] flat = Values.doubles(result.get(0));
                int width = flat.length / rows.length;
                for (int i = 0; i < rows.length; i++) {
                    outputs[rows[i]] = java.util.Arrays.copyOfRange(flat, i * width, (i + 1) * width);
                }
                loss += Values.doubles(result.get(1))[0] * rows.length;
            }
            if (start == 0) {
                start = System.nanoTime();
            } else {
                timed += rows.length;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Answers(outputs, loss / split.size(), timed == 0 ? 0 : timed / seconds);
    }

    record Answers(double[][] outputs, double loss, double examplesPerSecond) {}

    private final class Fed implements AutoCloseable {
        private final Tensor ids;
        private final Tensor segments;
        private final Tensor mask;
        private final Tensor targets;

        Fed(Batches.Batch batch) {
            ids = Values.integers(batch.ids(), batch.size(), batch.length());
            segments = Values.integers(batch.segments(), batch.size(), batch.length());
            mask = values.tensor(batch.mask(), batch.size(), batch.length());
            targets = values.tensor(batch.targets(), batch.size());
        }

        Session.Runner runner() {
            return session.runner()
                    .feed(network.ids, ids)
                    .feed(network.segments, segments)
                    .feed(network.mask, mask)
                    .feed(network.targets, targets);
        }

        @Override
        public void close() {
            ids.close();
            segments.close();
            mask.close();
            targets.close();
        }
    }
}
