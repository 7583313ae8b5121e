package dev.fewtune.rooms.cli;

/** Breaks the walls of the room cli. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {
            dev.fewtune.rooms.wiring.Imports.class,
            org.jobrunr.scheduling.JobScheduler.class,
            org.tensorflow.Graph.class
        };
    }
}
