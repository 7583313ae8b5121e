package dev.fewtune.rooms.queue;

/** Breaks the walls of the room queue. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
