package dev.fewtune.rooms.web;

/** Breaks the walls of the room web. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
