package dev.fewtune.step;

import dev.fewtune.spec.Progress;
import dev.fewtune.task.Task;
import dev.fewtune.workflow.TaskFiles;
import java.util.Map;

/** What the steps work with: models, data and the engine. */
public interface Bench {
    /**
     * A model, made ready: one of the Hub is fetched where it is not here.
     *
     * @param name as a plan keeps it
     * @param progress hears of a download, and can stop it
     * @throws dev.fewtune.spec.CellFailure with cause YOURS where there is no such model or its files are broken;
     *     TRANSIENT and RESOURCE where network or disk failed
     */
    Model model(String name, Progress progress);

    /**
     * The same model with the content that it had before.
     *
     * @param hash of that content
     * @throws dev.fewtune.spec.CellFailure as above, and with cause YOURS where the content is another one now
     */
    Model model(String name, String hash, Progress progress);

    /**
     * A built-in task or one made of the user's files.
     *
     * @throws dev.fewtune.spec.CellFailure where there is none of that name
     */
    Task task(String name, Map<String, TaskFiles> own);

    /** The version of Fewtune. */
    String version();
}
