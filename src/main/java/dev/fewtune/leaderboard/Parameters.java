package dev.fewtune.leaderboard;

/**
 * Numbers of trained parameters.
 *
 * @param method the method's own
 * @param norms trained layer norms that are not the method's own
 * @param head of the head
 */
public record Parameters(long method, long norms, long head) {
    public static final Parameters NONE = new Parameters(0, 0, 0);

    /** All that trains. */
    public long total() {
        return method + norms + head;
    }
}
