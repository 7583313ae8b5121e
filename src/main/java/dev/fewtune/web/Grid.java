package dev.fewtune.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Numbers in rows and columns, as a cell left them, and their places in a drawing.
 *
 * @param values [rows][columns]
 * @param low end of the scale, not shaded at all
 * @param high end of the scale, shaded most
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Grid(
        String title, List<String> rows, List<String> columns, List<List<Double>> values, double low, double high) {
    /** Its path in the artifact. */
    static final String FILE = "grids.json";

    private static final int LEFT = 150;
    private static final int TOP = 90;
    private static final int BOX_WIDTH = 46;
    private static final int BOX_HEIGHT = 20;
    private static final int LONGEST = 22;

    /** A name beside the boxes. */
    public record Name(int x, int y, String text) {}

    /**
     * One number.
     *
     * @param shade from 0 to 0.85, so that the number can be read on it
     */
    public record Box(int x, int y, int middle, int base, String shade, String text, String title) {}

    public int width() {
        return LEFT + columns.size() * BOX_WIDTH + TOP;
    }

    public int height() {
        return TOP + rows.size() * BOX_HEIGHT + 2;
    }

    public List<Name> heads() {
        List<Name> heads = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            heads.add(new Name(LEFT + column * BOX_WIDTH + BOX_WIDTH / 2, TOP - 6, cut(columns.get(column))));
        }
        return heads;
    }

    public List<Name> sides() {
        List<Name> sides = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            sides.add(new Name(LEFT - 6, base(row), cut(rows.get(row))));
        }
        return sides;
    }

    public List<Box> boxes() {
        List<Box> boxes = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                double value = values.get(row).get(column);
                int x = LEFT + column * BOX_WIDTH;
                boxes.add(new Box(
                        x,
                        TOP + row * BOX_HEIGHT,
                        x + BOX_WIDTH / 2,
                        base(row),
                        String.format(Locale.ROOT, "%.2f", 0.85 * share(value)),
                        String.format(Locale.ROOT, "%.2f", value),
                        "%s, %s: %s".formatted(rows.get(row), columns.get(column), value)));
            }
        }
        return boxes;
    }

    private double share(double value) {
        return Math.max(0, Math.min(1, (value - low) / (high - low)));
    }

    private static int base(int row) {
        return TOP + row * BOX_HEIGHT + BOX_HEIGHT - 6;
    }

    private static String cut(String name) {
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
    }
}
