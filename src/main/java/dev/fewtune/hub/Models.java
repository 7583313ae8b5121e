package dev.fewtune.hub;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/** From what a workflow calls a model to a whole folder on this machine. To be called in a cell, never in a web request. */
public final class Models {
    private final Map<String, Source> builtIns;
    private final FolderModels folders;
    private final HubModels hub;

    /** Gives the folder of a built-in model; makes it where it is missing. */
    public interface Source {
        Local open(Progress progress);
    }

    /**
     * @param builtIns by name
     * @param cache folder for models of the Hub; may be shared by workers and is made where it is missing
     */
    public Models(Map<String, Source> builtIns, Path cache, HubSettings settings, Clock clock) {
        this.builtIns = new TreeMap<>(builtIns);
        this.folders = new FolderModels(clock);
        this.hub = new HubModels(cache, settings);
    }

    /**
     * The model's folder, fetched where it is not here.
     *
     * @param progress hears of bytes that came, and stops a download between chunks; a later call goes on from there
     * @throws CellFailure with cause YOURS where there is no such model, none for this token, or offline none in the
     *     cache; TRANSIENT where the network failed or the content came damaged; RESOURCE where the disk refused
     * @throws dev.fewtune.spec.CancelledException where progress says so
     */
    public Local open(ModelId id, Progress progress) {
        return id.match(
                builtIn -> source(builtIn.name()).open(progress),
                folder -> folders.open(folder.path(), progress),
                revision -> hub.open(revision, progress));
    }

    private Source source(String name) {
        Source source = builtIns.get(name);
        if (source == null) {
            throw CellFailure.yours(
                    "There is no built-in model %s; there are %s. "
                            + "Maybe a folder is meant, which needs ./ before it, or a model of the Hub: hf:org/name.",
                    name, builtIns.isEmpty() ? "none" : String.join(", ", builtIns.keySet()));
        }
        return source;
    }
}
