package dev.fewtune.train;

import java.util.List;

/** Cuts train into batches. */
interface Cutting {
    /** Batches of an epoch, by (seed, epoch) alone; as many in each. */
    List<Batches.Cut> epoch(long seed, int epoch);

    static Cutting of(TrainRequest request, Encoded train) {
        Beside beside = request.beside();
        TrainSettings training = request.training();
        return beside.mixing().isEmpty() || beside.mixing().equals(Beside.SHUFFLED)
                ? new Batches(train, training.batchSize(), training.batchTokens())
                : new TaskSampling(train, beside, training.batchSize());
    }
}
