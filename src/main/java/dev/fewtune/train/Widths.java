package dev.fewtune.train;

import java.util.Arrays;

/** Chooses few widths for texts of many lengths. */
final class Widths {
    /** Of more different lengths than this, the borders between widths are rounded up. */
    private static final int FINEST = 512;

    private Widths() {}

    /**
     * The widths, ascending, with the least padding; the last one is that of the longest text. By dynamic programming
     * over the sorted lengths.
     *
     * @param most how many widths there may be
     */
    static int[] of(int[] lengths, int most) {
        int longest = Arrays.stream(lengths).max().orElse(1);
        int grain = (longest + FINEST - 1) / FINEST;
        int[] borders = Arrays.stream(lengths)
                .map(length -> Math.min(longest, (length + grain - 1) / grain * grain))
                .sorted()
                .distinct()
                .toArray();
        long[] upTo = new long[borders.length + 1];
        for (int i = 0; i < borders.length; i++) {
            int border = borders[i];
            upTo[i + 1] =
                    Arrays.stream(lengths).filter(length -> length <= border).count();
        }
        return cheapest(borders, upTo, Math.min(most, borders.length));
    }

    /** @param upTo number of texts that are not longer than the border before */
    private static int[] cheapest(int[] borders, long[] upTo, int most) {
        int n = borders.length;
        long[][] slots = new long[most + 1][n + 1];
        int[][] before = new int[most + 1][n + 1];
        for (long[] row : slots) {
            Arrays.fill(row, Long.MAX_VALUE / 2);
        }
        slots[0][0] = 0;
        for (int k = 1; k <= most; k++) {
            for (int to = k; to <= n; to++) {
                for (int from = k - 1; from < to; from++) {
                    long all = slots[k - 1][from] + (upTo[to] - upTo[from]) * borders[to - 1];
                    if (all < slots[k][to]) {
                        slots[k][to] = all;
                        before[k][to] = from;
                    }
                }
            }
        }
        int[] widths = new int[most];
        int to = n;
        for (int k = most; k > 0; k--) {
            widths[k - 1] = borders[to - 1];
            to = before[k][to];
        }
        return widths;
    }
}
