package dev.fewtune.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * TF-IDF with the defaults of scikit-learn's TfidfVectorizer: words of two characters or more in lower case,
 * {@code idf = ln((1 + n) / (1 + df)) + 1}, each text scaled to length 1.
 */
final class TermWeights {
    private static final Pattern WORD = Pattern.compile("\\b\\w\\w+\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private final Map<String, Term> terms;

    private TermWeights(Map<String, Term> terms) {
        this.terms = terms;
    }

    /** A word's column, from 0 in alphabetical order, and its inverse document frequency. */
    private record Term(int column, double idf) {}

    static TermWeights of(List<String> texts) {
        Map<String, Integer> documents = new TreeMap<>();
        for (String text : texts) {
            new HashSet<>(words(text)).forEach(word -> documents.merge(word, 1, Integer::sum));
        }
        Map<String, Term> terms = new TreeMap<>();
        documents.forEach((word, count) ->
                terms.put(word, new Term(terms.size(), Math.log((1.0 + texts.size()) / (1.0 + count)) + 1)));
        return new TermWeights(terms);
    }

    int columns() {
        return terms.size();
    }

    /** Weights by column; words that were not in the texts of the fit do not count. */
    TreeMap<Integer, Double> weigh(String text) {
        TreeMap<Integer, Double> weights = new TreeMap<>();
        for (String word : words(text)) {
            Term term = terms.get(word);
            if (term != null) {
                weights.merge(term.column(), term.idf(), Double::sum);
            }
        }
        double length = Math.sqrt(
                weights.values().stream().mapToDouble(value -> value * value).sum());
        weights.replaceAll((column, value) -> value / length);
        return weights;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .forEach(words::add);
        return words;
    }
}
