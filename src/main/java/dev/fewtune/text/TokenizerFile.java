package dev.fewtune.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;

/**
 * A {@code tokenizer.json} of the tokenizers library: a text is normalized, cut by the pre-tokenizer, split by the
 * model, and completed by the template; the decoder goes the other way.
 *
 * @param added tokens found before all that
 * @param normalizer null where there is none
 * @param preTokenizer null where there is none
 */
record TokenizerFile(
        List<AddedToken> added,
        ObjectNode normalizer,
        ObjectNode preTokenizer,
        Template template,
        ObjectNode decoder,
        ObjectNode model) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A part of the given type, without settings. */
    static ObjectNode part(String type) {
        return NODES.objectNode().put("type", type);
    }

    /** A part that replaces a text. */
    static ObjectNode replace(String text, String by) {
        ObjectNode replace = part("Replace").put("content", by);
        replace.putObject("pattern").put("String", text);
        return replace;
    }

    /** A part that replaces what a regular expression finds. */
    static ObjectNode replaceAll(String expression, String by) {
        ObjectNode replace = part("Replace").put("content", by);
        replace.putObject("pattern").put("Regex", expression);
        return replace;
    }

    /** A part that does what the given ones do, one after the other. */
    static ObjectNode sequence(String field, List<ObjectNode> parts) {
        ObjectNode sequence = part("Sequence");
        sequence.putArray(field).addAll(parts);
        return sequence;
    }

    String json() {
        ObjectNode file = NODES.objectNode().put("version", "1.0");
        file.putNull("truncation").putNull("padding");
        ArrayNode tokens = file.putArray("added_tokens");
        added.stream().sorted(Comparator.comparingInt(AddedToken::id)).forEach(token -> tokens.add(json(token)));
        file.<ObjectNode>set("normalizer", orNull(normalizer)).set("pre_tokenizer", orNull(preTokenizer));
        file.<ObjectNode>set("post_processor", template.json()).set("decoder", decoder);
        file.set("model", model);
        return file.toString();
    }

    private static ObjectNode json(AddedToken token) {
        return NODES.objectNode()
                .put("id", token.id())
                .put("content", token.content())
                .put("single_word", token.wholeWord())
                .put("lstrip", token.stripLeft())
                .put("rstrip", token.stripRight())
                .put("normalized", token.normalized())
                .put("special", token.special());
    }

    private static JsonNode orNull(ObjectNode part) {
        return part == null ? NODES.nullNode() : part;
    }
}
