package dev.fewtune.step;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Progress;
import dev.fewtune.train.Interchange;
import dev.fewtune.train.Known;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** Networks into whose weights a training went, for the rooms that do not look inside the engine. */
public final class Merged {
    private final Bench bench;

    public Merged(Bench bench) {
        this.bench = bench;
    }

    /**
     * Whether a cell is offered as a merged network.
     *
     * @param method its method; may be null
     * @param files their names
     */
    public static boolean offers(String method, Collection<String> files) {
        return files.contains(Trainer.ADAPTER)
                && Known.methods().stream().anyMatch(spec -> spec.name().equals(method) && spec.fold() == Fold.MERGES);
    }

    /**
     * Writes one as Transformers reads it. One at a time, because each holds a whole network.
     *
     * @param files of the cell, by their names
     * @param folder that must not be there
     * @throws CellFailure with cause YOURS where the cell has trained nothing or its method cannot be merged
     */
    public synchronized void write(Function<String, Optional<Path>> files, Path folder) throws IOException {
        Path adapter = files.apply(Trainer.ADAPTER).orElseThrow(Merged::none);
        TrainRequest request = Json.read(files.apply(FineTune.REQUEST).orElseThrow(Merged::none), TrainRequest.class);
        Model model = bench.model(request.backbone(), Progress.SILENT);
        new Interchange(model.supply()).merge(request, adapter, folder);
    }

    private static CellFailure none() {
        return CellFailure.yours("The cell has trained nothing that could be merged. Maybe it is no fine-tune cell.");
    }
}
