package dev.fewtune.workflow;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1
 */
record Mark(int line, int column) {
    static final Mark START = new Mark(1, 1);

    Mark right(int columns) {
        return new Mark(line, column + columns);
    }
}
