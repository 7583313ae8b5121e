package dev.fewtune.rooms.wiring;

/** Breaks the walls of the room wiring. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.spec.Imports.class};
    }
}
