package dev.fewtune.wiring;

import dev.fewtune.hub.Models;
import dev.fewtune.spec.Progress;
import dev.fewtune.step.Bench;
import dev.fewtune.step.Model;
import dev.fewtune.task.FileTask;
import dev.fewtune.task.PaperSplits;
import dev.fewtune.task.Task;
import dev.fewtune.task.Tasks;
import dev.fewtune.train.Supply;
import dev.fewtune.workflow.TaskFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The models and data of this machine. */
final class LocalBench implements Bench {
    private static final long MEGABYTE = 1_000_000;

    private final LocalModels models;
    private final String version;
    private final Tasks tasks = new Tasks();

    /** One that keeps no states of layers. */
    LocalBench(Path cache, Models models, String version) {
        this(cache, 0, models, version);
    }

    /**
     * @param cache folder of converted weights, and of states
     * @param statesMegabytes that states of layers that do not train may take
     * @param version of Fewtune
     */
    LocalBench(Path cache, int statesMegabytes, Models models, String version) {
        if (statesMegabytes < 0) {
            throw new IllegalArgumentException(
                    "FEWTUNE_STATES_MEGABYTES (%s) must be at least 0. Maybe leave it out, for 4000."
                            .formatted(statesMegabytes));
        }
        this.models = new LocalModels(Supply.builtIn(cache, statesMegabytes * MEGABYTE), models);
        this.version = version;
    }

    @Override
    public Model model(String name, Progress progress) {
        return models.open(name, progress);
    }

    @Override
    public Model model(String name, String hash, Progress progress) {
        return models.open(name, hash, progress);
    }

    @Override
    public Task task(String name, Map<String, TaskFiles> own) {
        TaskFiles files = own.get(name);
        if (files != null) {
            return PaperSplits.of(
                    files.splits(),
                    new FileTask.Source(
                            name,
                            files.files().entrySet().stream()
                                    .collect(Collectors.toMap(Map.Entry::getKey, split -> Path.of(split.getValue()))),
                            files.text(),
                            files.label(),
                            files.labels(),
                            files.metric(),
                            files.template(),
                            files.verbalizer()));
        }
        return tasks.open(name);
    }

    @Override
    public String version() {
        return version;
    }
}
