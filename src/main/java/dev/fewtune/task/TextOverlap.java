package dev.fewtune.task;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How much a written text has in common with the right one, in [0, 1]. */
final class TextOverlap {
    /** The punctuation of ASCII. */
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

    private static final Pattern ARTICLE = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");

    private TextOverlap() {}

    /** Whether the texts are the same but for case, punctuation, articles and spaces (Rajpurkar et al., arXiv 1606.05250). */
    static double exactMatch(String predicted, String target) {
        return normalised(predicted).equals(normalised(target)) ? 1 : 0;
    }

    /** F1 of the words, normalised as above; where one text has none, whether both have none (arXiv 1806.03822). */
    static double tokenF1(String predicted, String target) {
        List<String> given = words(normalised(predicted), SPACE);
        List<String> right = words(normalised(target), SPACE);
        if (given.isEmpty() || right.isEmpty()) {
            return given.equals(right) ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        right.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : given) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return f1(common, given.size(), right.size());
    }

    /** F1 of the longest common subsequence of the words, without stemming (C.-Y. Lin, "ROUGE", 2004). */
    static double rougeL(String predicted, String target) {
        List<String> given = words(predicted.toLowerCase(Locale.ROOT), NO_WORD);
        List<String> right = words(target.toLowerCase(Locale.ROOT), NO_WORD);
        return given.isEmpty() || right.isEmpty() ? 0 : f1(common(given, right), given.size(), right.size());
    }

    private static String normalised(String text) {
        String words = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return SPACE.matcher(ARTICLE.matcher(words).replaceAll(" "))
                .replaceAll(" ")
                .strip();
    }

    private static List<String> words(String text, Pattern between) {
        return Arrays.stream(between.split(text))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Length of the longest common subsequence. */
    private static int common(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        for (String word : a) {
            int corner = 0;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                row[j] = word.equals(b.get(j - 1)) ? corner + 1 : Math.max(above, row[j - 1]);
                corner = above;
            }
        }
        return row[b.size()];
    }

    private static double f1(int common, int given, int right) {
        return 2.0 * common / (given + right);
    }
}
