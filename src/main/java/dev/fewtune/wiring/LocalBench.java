package dev.fewtune.wiring;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.step.Bench;
import dev.fewtune.task.FileTask;
import dev.fewtune.task.Task;
import dev.fewtune.task.Tasks;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.train.Known;
import dev.fewtune.train.Supply;
import dev.fewtune.workflow.TaskFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The models and data of this machine. */
final class LocalBench implements Bench {
    private final Supply supply;
    private final String version;
    private final Tasks tasks = new Tasks();

    /** @param version of Fewtune */
    LocalBench(Path cache, String version) {
        this.supply = Supply.builtIn(cache);
        this.version = version;
    }

    @Override
    public BackboneSpec backbone(String name) {
        return Known.backbone(name);
    }

    @Override
    public Tokenizer tokenizer(String backbone) {
        try {
            byte[] json = Known.tokenizerJson(backbone).getBytes(StandardCharsets.UTF_8);
            return TokenizerJson.read(backbone, new ByteArrayInputStream(json));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public Task task(String name, Map<String, TaskFiles> own) {
        TaskFiles files = own.get(name);
        if (files != null) {
            return new FileTask(new FileTask.Source(
                    name,
                    files.files().entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, split -> Path.of(split.getValue()))),
                    files.text(),
                    files.label(),
                    files.labels(),
                    files.metric()));
        }
        return tasks.open(name);
    }

    @Override
    public Supply supply() {
        return supply;
    }

    @Override
    public String version() {
        return version;
    }
}
