package dev.fewtune.leaderboard;

import java.util.function.Function;

/**
 * One column of a table for people.
 *
 * @param right whether its cells are aligned to the right
 * @param weight columns with a smaller weight are the first to go where a line is too long
 */
record Column(String title, boolean right, int weight, Function<Row, String> cell) {}
