package dev.fewtune.rooms.db;

/** Breaks the walls of the room db. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
