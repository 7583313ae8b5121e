package dev.fewtune.rooms.method;

/** Breaks the walls of the room method. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class, dev.fewtune.rooms.backbone.Imports.class};
    }
}
