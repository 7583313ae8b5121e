package dev.fewtune.task;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds a single English word in a sentence, inflected or not. */
final class Inflections {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}'-]+");

    private Inflections() {}

    /**
     * Whether the sentence holds a form of the lemma; false for lemmas of several words.
     *
     * @param irregular forms by lemma
     */
    static boolean contains(String sentence, String lemma, Map<String, Set<String>> irregular) {
        if (lemma.indexOf(' ') >= 0) {
            return false;
        }
        Set<String> forms = forms(lemma, irregular);
        for (String word : NO_WORD.split(sentence.toLowerCase(Locale.ROOT))) {
            if (forms.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> forms(String lemma, Map<String, Set<String>> irregular) {
        Set<String> forms = new HashSet<>(irregular.getOrDefault(lemma, Set.of()));
        forms.add(lemma);
        String last = lemma.substring(lemma.length() - 1);
        for (String ending : List.of("s", "es", "d", "ed", "ing", last + "ed", last + "ing")) {
            forms.add(lemma + ending);
        }
        String stem = lemma.substring(0, lemma.length() - 1);
        if (last.equals("e")) {
            forms.add(stem + "ing");
        }
        if (last.equals("y")) {
            forms.add(stem + "ies");
            forms.add(stem + "ied");
        }
        return forms;
    }
}
