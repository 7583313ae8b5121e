package dev.fewtune.rooms.backbone;

/** Breaks the walls of the room backbone. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class, dev.fewtune.rooms.method.Imports.class};
    }
}
