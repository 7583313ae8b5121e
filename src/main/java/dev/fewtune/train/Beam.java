package dev.fewtune.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The likeliest of several beginnings that grow side by side, as Transformers searches (length penalty 1, no early
 * stopping): a text that ends among the first candidates is kept, by its mean logarithm, until all places are taken and the
 * best beginning has a lower mean than the worst kept text.
 */
final class Beam implements Search {
    /** Of the second and all later beginnings at first: they are copies of the first one. */
    private static final double COPY = -1e9;

    private final int width;
    private final int longest;
    private final List<Integer> ends;
    private final List<Found> kept = new ArrayList<>();
    private int[][] running;
    private double[] scores;
    private int length;
    private boolean done;

    /** A beginning and one more token. */
    private record Candidate(int parent, int token, double score) {}

    Beam(int width, int longest, List<Integer> ends) {
        this.width = width;
        this.longest = longest;
        this.ends = ends;
        this.running = new int[width][0];
        this.scores = new double[width];
        Arrays.fill(scores, 1, width, COPY);
    }

    @Override
    public int rows() {
        return width;
    }

    @Override
    public Choice next(double[][] logarithms, int[][] tokens) {
        List<Candidate> candidates = candidates(logarithms, tokens);
        length++;
        candidates.stream().limit(width).filter(this::ends).forEach(this::keep);
        kept.sort(Comparator.comparingDouble(Found::score).reversed());
        kept.subList(Math.min(width, kept.size()), kept.size()).clear();
        List<Candidate> next = candidates.stream()
                .filter(candidate -> !ends(candidate))
                .limit(width)
                .toList();
        if (next.size() < width) {
            done = true;
            return new Choice(new int[width], new int[width]);
        }
        running = next.stream().map(this::text).toArray(int[][]::new);
        scores = next.stream().mapToDouble(Candidate::score).toArray();
        done = kept.size() == width && scores[0] / length <= kept.get(width - 1).score();
        return new Choice(
                next.stream().mapToInt(Candidate::token).toArray(),
                next.stream().mapToInt(Candidate::parent).toArray());
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public List<Found> found() {
        return List.copyOf(kept);
    }

    /** The best of all rows, the best first. */
    private List<Candidate> candidates(double[][] logarithms, int[][] tokens) {
        List<Candidate> all = new ArrayList<>();
        for (int row = 0; row < width; row++) {
            for (int i = 0; i < tokens[row].length; i++) {
                all.add(new Candidate(row, tokens[row][i], scores[row] + logarithms[row][i]));
            }
        }
        all.sort(Comparator.comparingDouble(Candidate::score).reversed());
        return all.subList(0, Math.min(all.size(), (1 + ends.size()) * width));
    }

    private boolean ends(Candidate candidate) {
        return length == longest || ends.contains(candidate.token());
    }

    private void keep(Candidate candidate) {
        kept.add(new Found(text(candidate), candidate.score() / length));
    }

    private int[] text(Candidate candidate) {
        int[] text = Arrays.copyOf(running[candidate.parent()], length);
        text[length - 1] = candidate.token();
        return text;
    }
}
