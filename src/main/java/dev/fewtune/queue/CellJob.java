package dev.fewtune.queue;

import org.jobrunr.jobs.lambdas.JobRequest;

/** One attempt of one cell, as JobRunr keeps it. */
public record CellJob(long run, int ordinal, int attempt) implements JobRequest {
    @Override
    public Class<CellJobHandler> getJobRequestHandler() {
        return CellJobHandler.class;
    }
}
