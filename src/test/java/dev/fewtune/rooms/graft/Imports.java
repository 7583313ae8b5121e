package dev.fewtune.rooms.graft;

/** Breaks the walls of the room graft. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
