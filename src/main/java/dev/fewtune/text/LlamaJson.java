package dev.fewtune.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a BPE model as the tokenizer.json of Llama 2: a space in front, spaces written as ▁, {@code <s> A} and
 * {@code <s> A <s> B}.
 *
 * <p>This is the form of Llama 2's own file and gives sentencepiece's ids. Transformers 5 by itself reads the same model
 * in another form, which drops one leading space and orders merges by number instead of by score.
 */
final class LlamaJson {
    private final SentencePieceModel model;
    private final TokenizerConfig config;
    private final TokenNumbers numbers;

    private LlamaJson(SentencePieceModel model, TokenizerConfig config) {
        this.model = model;
        this.config = config;
        this.numbers = new TokenNumbers(
                model.name(), model.pieces().stream().map(Piece::text).toList(), config.added());
    }

    /** @throws CellFailure with cause YOURS where the configuration does not fit the model */
    static String of(SentencePieceModel model, TokenizerConfig config) {
        return new LlamaJson(model, config).file().json();
    }

    private TokenizerFile file() {
        List<AddedToken> added = new ArrayList<>(model.added());
        added.addAll(numbers.added());
        return new TokenizerFile(
                added,
                SpaceMarks.normalizer(model.normalization()),
                null,
                template(),
                SpaceMarks.decoder(model),
                bpe());
    }

    private Template template() {
        List<Template.Slot> single = around(Template.first(), 0);
        List<Template.Slot> pair = new ArrayList<>(single);
        pair.addAll(around(Template.second(1), 1));
        return new Template(single, pair);
    }

    private List<Template.Slot> around(Template.Slot text, int segment) {
        List<Template.Slot> slots = new ArrayList<>();
        if (model.ids().begin() >= 0 && config.flag("add_bos_token", true)) {
            slots.add(slot("bos_token", model.ids().begin(), segment));
        }
        slots.add(text);
        if (model.ids().end() >= 0 && config.flag("add_eos_token", false)) {
            slots.add(slot("eos_token", model.ids().end(), segment));
        }
        return slots;
    }

    private Template.Slot slot(String role, int id, int segment) {
        String token = config.token(role, model.text(id));
        return Template.token(token, numbers.of(token, role), segment);
    }

    private ObjectNode bpe() {
        ObjectNode bpe = TokenizerFile.part("BPE")
                .put("unk_token", model.text(model.ids().unknown()))
                .put("fuse_unk", true)
                .put("byte_fallback", model.byteFallback())
                .put("ignore_merges", false);
        bpe.putNull("dropout").putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        ObjectNode vocabulary = bpe.putObject("vocab");
        for (int id = 0; id < model.size(); id++) {
            vocabulary.put(model.text(id), id);
        }
        ArrayNode merges = bpe.putArray("merges");
        Merges.of(model.pieces())
                .forEach(merge -> merges.addArray().add(merge.left()).add(merge.right()));
        return bpe;
    }
}
