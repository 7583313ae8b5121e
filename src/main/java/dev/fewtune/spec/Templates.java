package dev.fewtune.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The templates of the data sets of ATTEMPT (arXiv 2205.11961), MPT (2303.02861) and DePT (2309.05173), by the names that
 * their code gives them. A class is written as its number there. Cleaning of texts (marks of superglue-multirc and
 * superglue-record, spans of superglue-wsc.fixed, punctuation of question answering) is left to whoever makes the files.
 */
public final class Templates {
    private static final String ONE = "sentence: {1}";
    private static final String TWO = "sentence1: {1} sentence2: {2}";
    private static final String INFERENCE = "premise: {1} hypothesis: {2}";
    private static final String QUESTION = "question: {1} context: {2}";
    private static final Map<String, String> TEXTS = texts();
    private static final Map<String, List<String>> LABELS = labels();

    private Templates() {}

    public static Set<String> names() {
        return TEXTS.keySet();
    }

    public static Optional<String> text(String name) {
        return Optional.ofNullable(TEXTS.get(name));
    }

    /** What fits any task. */
    public static String usual(int texts) {
        if (texts == 1) {
            return ONE;
        }
        StringBuilder all = new StringBuilder("sentence1: {1}");
        for (int i = 2; i <= texts; i++) {
            all.append(" sentence%d: {%d}".formatted(i, i));
        }
        return all.toString();
    }

    /** The classes as they are written: by their names where those are known, else by their order. */
    public static List<String> digits(String name, List<String> labels) {
        List<String> known = LABELS.getOrDefault(name, List.of());
        List<String> order = known.containsAll(labels) ? known : labels;
        return labels.stream()
                .map(label -> String.valueOf(order.indexOf(label)))
                .toList();
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        List.of("cola", "sst2", "yelp_polarity").forEach(name -> texts.put(name, ONE));
        List.of("mrpc", "rte", "wnli", "stsb", "paws").forEach(name -> texts.put(name, TWO));
        texts.put("qqp", "question1: {1} question2: {2}");
        texts.put("qnli", "question: {1} sentence: {2}");
        List.of("mnli", "snli", "scitail", "superglue-cb", "superglue-rte").forEach(name -> texts.put(name, INFERENCE));
        texts.put("superglue-boolq", "question: {1} passage: {2}");
        texts.put("superglue-copa", "premise: {1} choice1: {2} choice2: {3}");
        texts.put("superglue-multirc", "question: {1} answer: {2} paragraph: {3}");
        texts.put("superglue-wic", "sentence1: {1} sentence2: {2} word: {3}");
        texts.put("superglue-wsc.fixed", "text: {1}");
        texts.put("superglue-record", "record query: {1} entities: {2} passage: {3}");
        List.of("squad", "newsqa", "nq", "hotpotqa", "searchqa", "triviaqa").forEach(name -> texts.put(name, QUESTION));
        texts.put("winogrande", "sentence: {1} option0: {2} option1: {3}");
        return texts;
    }

    private static Map<String, List<String>> labels() {
        List<String> entailment = List.of("entailment", "not_entailment");
        List<String> inference = List.of("entailment", "neutral", "contradiction");
        return Map.of(
                "cola",
                List.of("unacceptable", "acceptable"),
                "sst2",
                List.of("negative", "positive"),
                "yelp_polarity",
                List.of("negative", "positive"),
                "rte",
                entailment,
                "superglue-rte",
                entailment,
                "qnli",
                entailment,
                "mnli",
                inference,
                "snli",
                inference,
                "superglue-cb",
                List.of("entailment", "contradiction", "neutral"),
                "scitail",
                List.of("entailment", "neutral"));
    }
}
