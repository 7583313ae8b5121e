package dev.fewtune.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Words with places for the texts of an example, such as {@code sentence1: {a} sentence2: {b}}. A place names a column, or
 * its number from 1; <code>{mask}</code> is the token that a masked-language head fills; <code>{{</code> and
 * <code>}}</code> stand for single braces.
 */
public record Template(String text, List<Piece> pieces) {
    private static final String MASK = "mask";

    /** Words as they stand, a column, or the mask. */
    public record Piece(Kind kind, String text) {}

    /** Of a piece. */
    public enum Kind {
        WORDS,
        COLUMN,
        MASK
    }

    /** @throws IllegalArgumentException saying what is wrong, and at which character */
    public static Template of(String text) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean twice = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && twice) {
                words.append(c);
                at++;
            } else if (c == '{') {
                int end = text.indexOf('}', at);
                add(pieces, words);
                pieces.add(place(text, at, end));
                at = end;
            } else if (c == '}') {
                throw new IllegalArgumentException(
                        "the template has } at character %s without { before it".formatted(at + 1));
            } else {
                words.append(c);
            }
        }
        add(pieces, words);
        return new Template(text, List.copyOf(pieces));
    }

    /** Says what is wrong with it for a task; empty where nothing is. */
    public Optional<String> problem(List<String> columns) {
        if (places().isEmpty()) {
            return Optional.of("the template has no place for a text");
        }
        if (pieces.stream().filter(piece -> piece.kind() == Kind.MASK).count() > 1) {
            return Optional.of("the template has {mask} twice");
        }
        return places().stream()
                .filter(place -> index(columns, place) < 0)
                .findFirst()
                .map(place -> "the template names {%s}, but the texts are %s".formatted(place, columns));
    }

    /** The columns that it names, in the order of their places. */
    public List<String> places() {
        return pieces.stream()
                .filter(piece -> piece.kind() == Kind.COLUMN)
                .map(Piece::text)
                .toList();
    }

    /** Whether a masked-language head has something to fill in it. */
    public boolean masks() {
        return pieces.stream().anyMatch(piece -> piece.kind() == Kind.MASK);
    }

    /** Whether the mask stands behind a space. */
    public boolean spaceBeforeMask() {
        int at = text.indexOf("{%s}".formatted(MASK));
        return at > 0 && Character.isWhitespace(text.charAt(at - 1));
    }

    /**
     * The text for one example.
     *
     * @param values one per column
     * @param mask what stands for the mask
     */
    public String fill(List<String> columns, List<String> values, String mask) {
        StringBuilder filled = new StringBuilder();
        for (Piece piece : pieces) {
            filled.append(
                    switch (piece.kind()) {
                        case WORDS -> piece.text();
                        case COLUMN -> values.get(index(columns, piece.text()));
                        case MASK -> mask;
                    });
        }
        return filled.toString();
    }

    private static Piece place(String text, int at, int end) {
        if (end < 0) {
            throw new IllegalArgumentException(
                    "the template has { at character %s without } behind it".formatted(at + 1));
        }
        String name = text.substring(at + 1, end).strip();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the template names no column at character %s".formatted(at + 1));
        }
        return new Piece(name.equals(MASK) ? Kind.MASK : Kind.COLUMN, name);
    }

    private static void add(List<Piece> pieces, StringBuilder words) {
        if (words.length() > 0) {
            pieces.add(new Piece(Kind.WORDS, words.toString()));
            words.setLength(0);
        }
    }

    /** A column by its name, or else by its number; -1 where there is none. */
    private static int index(List<String> columns, String place) {
        int named = columns.indexOf(place);
        if (named >= 0 || !place.matches("[1-9][0-9]{0,3}")) {
            return named;
        }
        int number = Integer.parseInt(place) - 1;
        return number < columns.size() ? number : -1;
    }
}
