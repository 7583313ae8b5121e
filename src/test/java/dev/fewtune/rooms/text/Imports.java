package dev.fewtune.rooms.text;

/** Breaks the walls of the room text. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
