package dev.fewtune.hub;

import dev.fewtune.artifact.Manifest;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** From a revision on the Hub to a whole folder: from the cache where it is there, else fetched by one worker for all. */
final class HubModels {
    private final HubCache cache;
    private final HubSettings settings;
    private final HubClient client;

    /** @param root of the cache folder */
    HubModels(Path root, HubSettings settings) {
        this.cache = new HubCache(root);
        this.settings = settings;
        this.client = new HubClient(settings);
    }

    /** See {@link Models#open}. */
    Local open(ModelId.Hub id, Progress progress) {
        if (settings.offline()) {
            return offline(id);
        }
        if (id.isPinned() && cache.missing(id).isEmpty()) {
            return local(id);
        }
        Revision revision = client.revision(id, progress);
        cache.note(id, revision.commit());
        ModelId.Hub pinned = id.at(revision.commit());
        if (!cache.missing(pinned).isEmpty()) {
            FetchLock.alone(cache.lock(pinned), pinned.text(), progress, () -> {
                // Another worker may have fetched it while this one waited.
                if (!cache.missing(pinned).isEmpty()) {
                    fetch(pinned, revision, progress);
                }
            });
        }
        return local(pinned);
    }

    private Local offline(ModelId.Hub id) {
        ModelId.Hub pinned =
                cache.pinned(id).orElseThrow(() -> offline(id, List.of("which commit " + id.revision() + " is")));
        List<String> missing = cache.missing(pinned);
        if (!missing.isEmpty()) {
            throw offline(id, missing);
        }
        return local(pinned);
    }

    private CellFailure offline(ModelId.Hub id, List<String> missing) {
        return CellFailure.yours(
                "%s is not whole in the cache folder, and %s is set. Missing under %s: %s. "
                        + "Maybe unset %s once to fetch it, or copy the cache folder of a machine that has it.",
                id.text(),
                HubSettings.OFFLINE,
                cache.folder(id).getParent(),
                String.join(", ", missing),
                HubSettings.OFFLINE);
    }

    private void fetch(ModelId.Hub pinned, Revision revision, Progress progress) {
        Path folder = cache.folder(pinned);
        Disk.run(folder, () -> Files.createDirectories(folder));
        Needed needed = new Needed(pinned, revision);
        Download download = new Download(client, pinned, folder);
        List<Manifest.Entry> entries = new ArrayList<>();
        Meter first = new Meter(progress, 0, 0);
        for (RemoteFile file : needed.description()) {
            entries.add(download.bring(file, first));
        }
        List<RemoteFile> weights = needed.weights(folder);
        Disk.requireRoom(folder, weights.stream().mapToLong(download::missing).sum());
        long here = entries.stream().mapToLong(Manifest.Entry::size).sum();
        long total = here
                + weights.stream().mapToLong(file -> Math.max(0, file.size())).sum();
        progress.log("Fetching %s: %s bytes into %s.".formatted(pinned.text(), total, folder));
        Meter meter = new Meter(progress, here, total);
        for (RemoteFile file : weights) {
            entries.add(download.bring(file, meter));
        }
        cache.complete(pinned, new Manifest(entries));
        progress.log("%s is whole.".formatted(pinned.text()));
    }

    private Local local(ModelId.Hub pinned) {
        return new Local(cache.folder(pinned), pinned.revision());
    }
}
