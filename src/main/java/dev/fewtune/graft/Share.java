package dev.fewtune.graft;

/** Whether a variable trains, and in which of the three counts it stands. */
public enum Share {
    FROZEN,
    METHOD,
    NORMS,
    HEAD
}
