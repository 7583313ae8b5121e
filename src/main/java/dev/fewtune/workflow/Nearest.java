package dev.fewtune.workflow;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the known name that is nearest to a mistyped one, by the restricted edit distance of Damerau (insertions,
 * deletions, substitutions and swaps of neighbours). Where none is near, a name that the word abbreviates, or that
 * abbreviates it by the first letters of its parts, as {@code lr} does {@code learning_rate}.
 */
final class Nearest {
    private static final int SHORT_LIST = 12;
    private static final int LONGEST_WORD = 64;

    private Nearest() {}

    /** The nearest name and the known names where they are few; empty where neither helps. */
    static String advice(String word, Collection<String> known) {
        List<String> names = known.stream().sorted().toList();
        String list = String.join(", ", names);
        boolean listed = !names.isEmpty() && names.size() <= SHORT_LIST;
        return find(word, names)
                .map(name -> listed && names.size() > 1 ? "%s (known: %s)".formatted(name, list) : name)
                .orElse(listed ? "one of " + list : "");
    }

    static Optional<String> find(String word, Collection<String> known) {
        if (word.length() > LONGEST_WORD) {
            return Optional.empty();
        }
        String lower = word.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, word.length() / 3);
        return known.stream()
                .filter(name -> Math.abs(name.length() - word.length()) <= limit)
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= limit)
                .min(Comparator.<String>comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .or(() -> known.stream()
                        .filter(name ->
                                initials(lower).equals(name) || initials(name).equals(lower))
                        .findFirst());
    }

    /** Of a name of several parts; else the name. */
    private static String initials(String name) {
        String[] parts = name.split("[_-]+");
        return parts.length < 2
                ? name
                : Arrays.stream(parts)
                        .filter(part -> !part.isEmpty())
                        .map(part -> part.substring(0, 1))
                        .collect(Collectors.joining());
    }

    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : cell(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cell(int[][] d, String a, String b, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
