package dev.fewtune.rooms.spec;

/** Breaks the walls of the room spec. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class, com.fasterxml.jackson.databind.ObjectMapper.class};
    }
}
