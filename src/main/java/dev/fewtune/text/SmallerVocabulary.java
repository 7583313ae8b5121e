package dev.fewtune.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A tokenizer.json with fewer tokens, for a small network: those that are added (special ones and sentinels), the
 * characters of a text, and of the others the most frequent ones of the text. Words whose token is gone are cut into those
 * that are left. Tokens keep their order.
 */
public final class SmallerVocabulary {
    private static final Set<String> KINDS = Set.of("Unigram", "WordPiece");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root;
    private final List<String> tokens = new ArrayList<>();
    private final Set<String> always = new HashSet<>();

    private SmallerVocabulary(ObjectNode root) {
        this.root = root;
        JsonNode vocabulary = root.at("/model/vocab");
        if (vocabulary.isArray()) {
            vocabulary.forEach(piece -> tokens.add(piece.get(0).asText()));
        } else {
            String[] byNumber = new String[vocabulary.size()];
            vocabulary.properties().forEach(entry -> byNumber[entry.getValue().asInt()] = entry.getKey());
            tokens.addAll(List.of(byNumber));
        }
        root.path("added_tokens")
                .forEach(token -> always.add(token.get("content").asText()));
        JsonNode unknown = root.at("/model/unk_id");
        if (unknown.isInt()) {
            always.add(tokens.get(unknown.asInt()));
        }
    }

    /**
     * The text of the smaller tokenizer.json.
     *
     * @param json of a Unigram or WordPiece model
     * @param counts how often each token, by number, stands in the text
     * @param size number of tokens that are wanted; there are more where those that must stay are more
     * @throws CellFailure with cause YOURS where the model is of another kind
     */
    public static String of(String json, long[] counts, int size) {
        try {
            ObjectNode root = (ObjectNode) JSON.readTree(json);
            String kind = root.at("/model/type").asText();
            if (!KINDS.contains(kind)) {
                throw CellFailure.yours(
                        "The vocabulary of a %s tokenizer cannot be made smaller; that of %s can. Maybe vocabulary: 0, "
                                + "which keeps it.",
                        kind, String.join(" and ", KINDS.stream().sorted().toList()));
            }
            return new SmallerVocabulary(root).cut(counts, size);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String cut(long[] counts, int size) throws JsonProcessingException {
        List<Integer> kept = kept(counts, size);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        kept.forEach(id -> numbers.put(tokens.get(id), numbers.size()));
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.get("content").asText();
            numbers.putIfAbsent(content, numbers.size());
            ((ObjectNode) token).put("id", numbers.get(content));
        }
        ObjectNode model = (ObjectNode) root.get("model");
        JsonNode vocabulary = model.get("vocab");
        if (vocabulary.isArray()) {
            ArrayNode fewer = JSON.createArrayNode();
            kept.forEach(id -> fewer.add(vocabulary.get(id)));
            model.set("vocab", fewer);
            model.put("unk_id", numbers.get(tokens.get(model.get("unk_id").asInt())));
        } else {
            ObjectNode fewer = JSON.createObjectNode();
            kept.forEach(id -> fewer.put(tokens.get(id), numbers.get(tokens.get(id))));
            model.set("vocab", fewer);
        }
        root.at("/post_processor/special_tokens").forEach(special -> renumber((ObjectNode) special, numbers));
        return JSON.writeValueAsString(root);
    }

    private List<Integer> kept(long[] counts, int size) {
        Set<String> characters = characters(counts);
        Set<Integer> kept = new HashSet<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (always.contains(tokens.get(id)) || characters.contains(bare(tokens.get(id)))) {
                kept.add(id);
            }
        }
        IntStream.range(0, Math.min(tokens.size(), counts.length))
                .boxed()
                .filter(id -> counts[id] > 0 && !kept.contains(id))
                .sorted(Comparator.comparingLong((Integer id) -> -counts[id]).thenComparing(id -> id))
                .limit(Math.max(0, size - kept.size()))
                .forEach(kept::add);
        return kept.stream().sorted().toList();
    }

    /** Those of the tokens that the text has, and none. */
    private Set<String> characters(long[] counts) {
        Set<String> characters = new HashSet<>(Set.of(""));
        for (int id = 0; id < Math.min(tokens.size(), counts.length); id++) {
            if (counts[id] > 0) {
                bare(tokens.get(id)).codePoints().mapToObj(Character::toString).forEach(characters::add);
            }
        }
        return characters;
    }

    /** Without what tells the beginning of a word from its middle. */
    private static String bare(String token) {
        return token.startsWith("##") ? token.substring(2) : token.replace(SpaceMarks.MARK, "");
    }

    private static void renumber(ObjectNode special, Map<String, Integer> numbers) {
        ArrayNode ids = JSON.createArrayNode();
        special.get("tokens").forEach(token -> ids.add(numbers.get(token.asText())));
        special.set("ids", ids);
    }
}
