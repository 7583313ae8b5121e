package dev.fewtune.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** The special tokens around one text (A) and around a pair (A, B). */
record Template(List<Slot> single, List<Slot> pair) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * A text or a special token.
     *
     * @param name A or B, or the special token
     * @param id number of the special token; -1 for a text
     * @param segment 0 for the first text, 1 for the second, as far as a model tells them apart
     */
    record Slot(String name, int id, int segment) {
        private static Slot text(String name, int segment) {
            return new Slot(name, -1, segment);
        }
    }

    static Slot first() {
        return Slot.text("A", 0);
    }

    static Slot second(int segment) {
        return Slot.text("B", segment);
    }

    static Slot token(String content, int id, int segment) {
        return new Slot(content, id, segment);
    }

    ObjectNode json() {
        ObjectNode template = TokenizerFile.part("TemplateProcessing");
        single.forEach(slot -> add(slot, template.withArray("single")));
        pair.forEach(slot -> add(slot, template.withArray("pair")));
        ObjectNode tokens = template.putObject("special_tokens");
        Stream.concat(single.stream(), pair.stream())
                .filter(slot -> slot.id() >= 0)
                .forEach(slot -> {
                    ObjectNode token = tokens.putObject(slot.name()).put("id", slot.name());
                    token.putArray("ids").add(slot.id());
                    token.putArray("tokens").add(slot.name());
                });
        return template;
    }

    private static void add(Slot slot, ArrayNode slots) {
        ObjectNode node = NODES.objectNode().put("id", slot.name()).put("type_id", slot.segment());
        slots.addObject().set(slot.id() < 0 ? "Sequence" : "SpecialToken", node);
    }
}
