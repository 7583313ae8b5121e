package dev.fewtune.train;

import java.util.List;

/** How one text grows, token by token: which of the likeliest tokens are taken. */
sealed interface Search permits Greedy, Beam {
    /** Rows that it fills in a batch: beginnings that are followed at once. */
    int rows();

    /**
     * Takes one token for each row.
     *
     * @param logarithms of the likelihood of the likeliest tokens, for each row, the likeliest first
     * @param tokens which they are
     */
    Choice next(double[][] logarithms, int[][] tokens);

    /** Whether nothing better can come. */
    boolean done();

    /** What was found, the best first. */
    List<Found> found();

    /**
     * @param tokens for each row the one that it goes on with
     * @param parents for each row the row that it goes on from
     */
    record Choice(int[] tokens, int[] parents) {}

    /**
     * A text.
     *
     * @param tokens its end included, where it has one
     * @param score its logarithmic likelihood over its number of tokens
     */
    record Found(int[] tokens, double score) {}

    /** @param ends which end a text */
    static Search of(Aim aim, List<Integer> ends) {
        return aim.beams() == 1 ? new Greedy(aim.longest(), ends) : new Beam(aim.beams(), aim.longest(), ends);
    }

    /** How many of the likeliest tokens a search looks at. */
    static int candidates(Aim aim, List<Integer> ends) {
        return aim.beams() == 1 ? 1 : (1 + ends.size()) * aim.beams();
    }
}
