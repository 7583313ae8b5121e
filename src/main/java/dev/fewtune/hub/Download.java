package dev.fewtune.hub;

import dev.fewtune.artifact.Manifest;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brings files of one revision into a folder: resumed where cut, checked, made durable, and only then named. */
final class Download {
    static final int NO_SUCH_RANGE = 416;
    private static final int PARTIAL = 206;
    private static final int COPIES = 2;

    private final HubClient client;
    private final ModelId.Hub id;
    private final Path folder;

    /** @param id pinned to a commit */
    Download(HubClient client, ModelId.Hub id, Path folder) {
        this.client = client;
        this.id = id;
        this.folder = folder;
    }

    /**
     * Leaves the file in the folder, whole.
     *
     * @throws CellFailure with cause TRANSIENT where the network or, twice, the content was bad; YOURS where the Hub
     *     refuses; RESOURCE where the disk does
     */
    Manifest.Entry bring(RemoteFile file, Meter meter) {
        Path target = folder.resolve(file.name());
        if (Files.exists(target)) {
            Found found = found(file, target, meter.progress());
            if (found.asTold()) {
                return entry(found, meter);
            }
            meter.progress().log("%s in the cache folder is damaged; fetching it anew.".formatted(file.name()));
        }
        try (Part part = new Part(target)) {
            return bring(file, part, meter);
        }
    }

    /** Bytes that are still to come. */
    long missing(RemoteFile file) {
        Path target = folder.resolve(file.name());
        long here = Disk.use(target, () -> Files.exists(target) ? Files.size(target) : new Part(target).size());
        return Math.max(0, file.size() - here);
    }

    /** What is in a file, beside what should be. */
    private record Found(RemoteFile told, long size, String sha256, Checksum checksum) {
        boolean asTold() {
            return (!told.hasSize() || told.size() == size) && told.checksum().equals(checksum);
        }

        @Override
        public String toString() {
            return "expected %s bytes with %s, found %s bytes with %s"
                    .formatted(told.hasSize() ? told.size() : "any number of", told.checksum(), size, checksum);
        }
    }

    private Manifest.Entry bring(RemoteFile file, Part part, Meter meter) {
        String what = "%s of %s".formatted(file.name(), id.text());
        for (int copy = 1; ; copy++) {
            RemoteFile told =
                    client.retrying().run(what, part::size, meter.progress(), () -> receive(file, part, meter));
            Found found = found(told, part.file(), meter.progress());
            if (found.asTold()) {
                part.finish();
                return entry(found, meter);
            }
            part.discard();
            if (copy == COPIES) {
                throw new CellFailure(
                        Cause.TRANSIENT,
                        "%s came damaged %s times: %s. Maybe a proxy changes it, or try later."
                                .formatted(what, COPIES, found));
            }
            meter.progress().log("%s came damaged: %s. Fetching it anew.".formatted(what, found));
        }
    }

    /** One request; returns what the file should be once all its bytes have come. */
    private RemoteFile receive(RemoteFile file, Part part, Meter meter) throws IOException {
        String etag = part.etag();
        long from = etag.isEmpty() ? 0 : part.size();
        if (file.hasSize() && file.checksum().isGiven() && from > 0 && from == file.size()) {
            return file;
        }
        try (Answer answer = client.content(id, file.name(), from, etag, meter.progress())) {
            if (answer.status() == NO_SUCH_RANGE) {
                part.discard();
                throw new IOException("%s has no bytes from %s on".formatted(answer.host(), from));
            }
            RemoteFile told = file.completedBy(answer.announced());
            if (answer.status() == PARTIAL) {
                requireSequel(answer, part, told, from, etag);
                part.resume();
            } else {
                part.begin(Header.strongEtag(answer.headers()));
                from = 0;
            }
            pour(answer, part, told, from, meter);
            return told;
        } finally {
            part.close();
        }
    }

    private static void requireSequel(Answer answer, Part part, RemoteFile told, long from, String etag)
            throws IOException {
        Header.Range range = Header.range(answer.headers());
        boolean sameSize = range.total() == RemoteFile.UNKNOWN || !told.hasSize() || range.total() == told.size();
        if (range.from() == from
                && sameSize
                && Header.strongEtag(answer.headers()).equals(etag)) {
            return;
        }
        part.discard();
        throw new IOException("%s sent other bytes than those from %s on".formatted(answer.host(), from));
    }

    private static void pour(Answer answer, Part part, RemoteFile told, long from, Meter meter) throws IOException {
        long size = from;
        for (var chunk = answer.next(meter.progress()); chunk.isPresent(); chunk = answer.next(meter.progress())) {
            size += part.append(chunk.get());
            meter.at(size);
            if (told.hasSize() && size > told.size()) {
                return;
            }
        }
        boolean announced = Header.number(answer.headers(), "Content-Length") != RemoteFile.UNKNOWN;
        if (told.hasSize() && size < told.size() && !announced) {
            throw new IOException("%s stopped at %s of %s bytes".formatted(answer.host(), size, told.size()));
        }
    }

    private static Found found(RemoteFile told, Path file, Progress progress) {
        return Disk.use(file, () -> {
            String sha256 = Content.sha256(file, progress);
            return new Found(told, Files.size(file), sha256, told.checksum().found(file, sha256, progress));
        });
    }

    private static Manifest.Entry entry(Found found, Meter meter) {
        meter.finish(found.size());
        return new Manifest.Entry(found.told().name(), found.size(), found.sha256());
    }
}
