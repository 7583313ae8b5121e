package dev.fewtune.rooms.workflow;

/** Breaks the walls of the room workflow. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
