package dev.fewtune.rooms.corpus;

/** Breaks the walls of the room task. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
