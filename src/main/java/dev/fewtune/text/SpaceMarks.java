package dev.fewtune.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** How sentencepiece writes spaces as ▁ and takes them back, as parts of a tokenizer.json. */
final class SpaceMarks {
    static final String MARK = "▁";

    private SpaceMarks() {}

    /** Replacements of characters; null where the model has none. */
    static ObjectNode charsmap(Normalization normalization) {
        if (normalization.charsmap().length == 0) {
            return null;
        }
        String base64 = Base64.getEncoder().encodeToString(normalization.charsmap());
        return TokenizerFile.part("Precompiled").put("precompiled_charsmap", base64);
    }

    /** Everything that sentencepiece does to a text, as its normalizer says. */
    static ObjectNode normalizer(Normalization normalization) {
        List<ObjectNode> parts = new ArrayList<>();
        ObjectNode charsmap = charsmap(normalization);
        if (charsmap != null) {
            parts.add(charsmap);
        }
        if (normalization.removeExtraSpaces()) {
            parts.add(TokenizerFile.replaceAll("\\A +| +\\z", ""));
            parts.add(TokenizerFile.replaceAll(" {2,}", " "));
        }
        if (normalization.dummyPrefix()) {
            parts.add(TokenizerFile.part("Prepend").put("prepend", MARK));
        }
        parts.add(TokenizerFile.replace(" ", MARK));
        return TokenizerFile.sequence("normalizers", parts);
    }

    /** Spaces for marks, characters for bytes, and no space in front where one was put there. */
    static ObjectNode decoder(SentencePieceModel model) {
        List<ObjectNode> parts = new ArrayList<>();
        parts.add(TokenizerFile.replace(MARK, " "));
        if (model.byteFallback()) {
            parts.add(TokenizerFile.part("ByteFallback"));
        }
        parts.add(TokenizerFile.part("Fuse"));
        if (model.normalization().dummyPrefix()) {
            parts.add(TokenizerFile.part("Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0));
        }
        return TokenizerFile.sequence("decoders", parts);
    }
}
