package dev.fewtune.rooms.train;

/** Breaks the walls of the room train. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
