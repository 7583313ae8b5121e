package dev.fewtune.train;

import java.util.Arrays;
import java.util.List;

/** Always the likeliest token. */
final class Greedy implements Search {
    private static final int[] ITSELF = {0};

    private final int[] text;
    private final List<Integer> ends;
    private int length;
    private double sum;
    private boolean ended;

    Greedy(int longest, List<Integer> ends) {
        this.text = new int[longest];
        this.ends = ends;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public Choice next(double[][] logarithms, int[][] tokens) {
        int token = tokens[0][0];
        text[length++] = token;
        sum += logarithms[0][0];
        ended = ends.contains(token);
        return new Choice(new int[] {token}, ITSELF);
    }

    @Override
    public boolean done() {
        return ended || length == text.length;
    }

    @Override
    public List<Found> found() {
        return List.of(new Found(Arrays.copyOf(text, length), sum / length));
    }
}
