package dev.fewtune.workflow;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one workflow; the same problem at the same place counts once. */
final class Problems {
    private static final int MAX = 200;

    private final Source source;
    private final Set<Problem> all = new LinkedHashSet<>();

    Problems(Source source) {
        this.source = source;
    }

    void add(Mark at, String code, String message) {
        add(at, code, message, "");
    }

    void add(Mark at, String code, String message, String maybe) {
        if (all.size() < MAX) {
            all.add(source.problem(at, code, message, maybe));
        }
    }

    /** Reports a word that is not among the known ones, as {@code unknown method 'lorra'}. */
    void unknown(Mark at, String what, String word, Collection<String> known) {
        unknown(at, what, word, known, "");
    }

    void unknown(Mark at, String what, String word, Collection<String> known, String where) {
        String message = "unknown %s '%s'%s".formatted(what, word, where);
        add(at, "unknown-" + what.replace(' ', '-'), message, Nearest.advice(word, known));
    }

    int count() {
        return all.size();
    }

    boolean none() {
        return all.isEmpty();
    }

    /** In the order of the file. */
    List<Problem> sorted() {
        return all.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }
}
