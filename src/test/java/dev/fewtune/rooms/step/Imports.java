package dev.fewtune.rooms.step;

/** Breaks the walls of the room step. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
