package dev.fewtune.rooms.leaderboard;

/** Breaks the walls of the room leaderboard. */
public class Imports {
    public Object[] forbidden() {
        return new Object[] {dev.fewtune.rooms.wiring.Imports.class};
    }
}
