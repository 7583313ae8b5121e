package dev.fewtune.step;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.task.Task;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Supply;
import dev.fewtune.workflow.TaskFiles;
import java.util.Map;

/** What the steps work with: models, data and the engine. */
public interface Bench {
    /** @throws dev.fewtune.spec.CellFailure where there is no such backbone */
    BackboneSpec backbone(String name);

    Tokenizer tokenizer(String backbone);

    /**
     * A built-in task or one made of the user's files.
     *
     * @throws dev.fewtune.spec.CellFailure where there is none of that name
     */
    Task task(String name, Map<String, TaskFiles> own);

    Supply supply();

    /** The version of Fewtune. */
    String version();
}
