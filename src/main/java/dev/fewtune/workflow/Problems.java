package dev.fewtune.workflow;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one workflow; the same problem at the same place counts once. */
final class Problems {
    private static final int MAX = 200;
    private static final int LONGEST = 1000;
    private static final int LONGEST_WORD = 100;

    private final Source source;
    private final Set<Problem> all;
    private final Set<Told> told;

    private record Told(Mark at, String code) {}

    Problems(Source source) {
        this(source, new LinkedHashSet<>(), null);
    }

    private Problems(Source source, Set<Problem> all, Set<Told> told) {
        this.source = source;
        this.all = all;
        this.told = told;
    }

    /** Collects into the same ones; of what is repeated cell by cell, the first of a code at a place stands for all. */
    Problems ofCells() {
        return new Problems(source, all, new HashSet<>());
    }

    void add(Mark at, String code, String message) {
        add(at, code, message, "");
    }

    void add(Mark at, String code, String message, String maybe) {
        if (all.size() < MAX && (told == null || told.add(new Told(at, code)))) {
            all.add(source.problem(at, code, cut(message, LONGEST), cut(maybe, LONGEST)));
        }
    }

    /** Reports a word that is not among the known ones, as {@code unknown method 'lorra'}. */
    void unknown(Mark at, String what, String word, Collection<String> known) {
        unknown(at, what, word, known, "");
    }

    void unknown(Mark at, String what, String word, Collection<String> known, String where) {
        String code = "unknown-" + what.replace(' ', '-');
        if (all.size() < MAX && (told == null || !told.contains(new Told(at, code)))) {
            String shown = cut(word, LONGEST_WORD);
            add(at, code, "unknown %s '%s'%s".formatted(what, shown, where), Nearest.advice(word, known));
        }
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
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
