package dev.fewtune.hub;

import dev.fewtune.spec.Progress;

/** Progress in bytes over several files that come one after another; tells nothing while the total is not known. */
final class Meter {
    private final Progress progress;
    private final long total;
    private long finished;

    /**
     * @param finished bytes of files that are here already
     * @param total 0 where it is not known
     */
    Meter(Progress progress, long finished, long total) {
        this.progress = progress;
        this.finished = finished;
        this.total = total;
    }

    Progress progress() {
        return progress;
    }

    /** Bytes of the file that is coming. */
    void at(long bytes) {
        if (total > 0) {
            progress.at(finished + bytes, total);
        }
    }

    /** A file has come whole. */
    void finish(long size) {
        finished += size;
        at(0);
    }
}
