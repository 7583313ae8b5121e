package dev.fewtune.task;

import java.util.List;
import java.util.Locale;

/**
 * A set of synonyms with one meaning.
 *
 * @param id part of speech and byte offset in the file, such as {@code n00001740}
 * @param lexicographer number of the lexicographer file, see lexnames(5WN)
 * @param lemmas as spelled in the file, with spaces for underscores; the first one is displayed
 * @param hypernyms ids of {@code @} pointers
 * @param instanceOf ids of {@code @i} pointers
 * @param definition the gloss without its usage examples
 * @param examples usage examples without quotation marks
 */
record Synset(
        String id,
        int lexicographer,
        List<String> lemmas,
        List<String> hypernyms,
        List<String> instanceOf,
        String definition,
        List<String> examples) {
    String displayed() {
        return lemmas.get(0);
    }

    /** The definition in lower case, every run of other characters than letters and digits as one space. */
    String normalised() {
        StringBuilder text = new StringBuilder(definition.length());
        boolean gap = false;
        for (int i = 0; i < definition.length(); i++) {
            char c = definition.charAt(i);
            if (!Character.isLetterOrDigit(c)) {
                gap = true;
                continue;
            }
            if (gap && text.length() > 0) {
                text.append(' ');
            }
            gap = false;
            text.append(Character.toLowerCase(c));
        }
        return text.toString();
    }

    /** The lemmas in lower case. */
    List<String> keys() {
        return lemmas.stream().map(lemma -> lemma.toLowerCase(Locale.ROOT)).toList();
    }
}
