package dev.fewtune.rooms.artifact;

/** Breaks the walls of the room artifact. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
