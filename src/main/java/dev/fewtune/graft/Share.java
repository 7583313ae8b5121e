package dev.fewtune.graft;

/** Who trains a tensor, and so under which count it falls. */
public enum Share {
    /** Nobody: it stays as pretrained. */
    FROZEN,
    /** The method itself. */
    METHOD,
    /** Layer norms that a method unfreezes beside its own parameters. */
    NORMS,
    /** The head of the task. */
    HEAD
}
