package dev.fewtune.queue;

import dev.fewtune.run.CellRequest;
import dev.fewtune.run.CellRunner;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;

/** Hands a job to the runner. It never fails in JobRunr's eyes: the outcome is a row of ours. */
public class CellJobHandler implements JobRequestHandler<CellJob> {
    private final CellRunner runner;

    public CellJobHandler(CellRunner runner) {
        this.runner = runner;
    }

    @Override
    @Job(retries = 0)
    public void run(CellJob job) {
        runner.run(new CellRequest(job.run(), job.ordinal(), job.attempt()));
    }
}
