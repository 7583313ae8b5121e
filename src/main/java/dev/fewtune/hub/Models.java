package dev.fewtune.hub;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.nio.file.Path;
import java.time.Clock;

/** From what a workflow calls a model to a whole folder on this machine. To be called in a cell, never in a web request. */
public final class Models {
    private final FolderModels folders;
    private final HubModels hub;

    /** @param cache folder for models of the Hub; may be shared by workers and is made where it is missing */
    public Models(Path cache, HubSettings settings, Clock clock) {
        this.folders = new FolderModels(clock);
        this.hub = new HubModels(cache, settings);
    }

    /**
     * The model's folder, fetched where it is not here. A built-in model has none.
     *
     * @param progress hears of bytes that came, and stops a download between chunks; a later call goes on from there
     * @throws CellFailure with cause YOURS where there is no such model, none for this token, or offline none in the
     *     cache; TRANSIENT where the network failed or the content came damaged; RESOURCE where the disk refused
     * @throws dev.fewtune.spec.CancelledException where progress says so
     */
    public Local open(ModelId id, Progress progress) {
        return id.match(
                builtIn -> {
                    throw CellFailure.yours(
                            "There is no model %s. Maybe a folder is meant, which needs ./ before it, "
                                    + "or a model of the Hub: hf:org/name.",
                            builtIn.name());
                },
                folder -> folders.open(folder.path(), progress),
                revision -> hub.open(revision, progress));
    }
}
