package dev.fewtune.graft;

/** Who trains a tensor, and so under which count it falls. */
public enum Share {
    /** Nobody: it stays as pretrained. */
    FROZEN,
    /** Nobody: the method sets it between the parts of a training, and delivers it with what has trained. */
    HELD,
    /** The method itself. */
    METHOD,
    /** Layer norms that a method unfreezes beside its own parameters. */
    NORMS,
    /** The head of the task. */
    HEAD;

    /** Whether gradients move it. */
    public boolean trains() {
        return this != FROZEN && this != HELD;
    }
}
