package dev.fewtune.rooms.run;

/** Breaks the walls of the room run. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
