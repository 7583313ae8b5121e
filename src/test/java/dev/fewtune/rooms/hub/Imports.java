package dev.fewtune.rooms.hub;

/** Breaks the walls of the room hub. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
