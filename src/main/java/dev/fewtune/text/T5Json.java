package dev.fewtune.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a Unigram model as the tokenizer.json of T5: {@code A </s>} and {@code A </s> B </s>}, and sentinels behind
 * the pieces, the highest first, so that T5's {@code <extra_id_0>} is the last token, 32099.
 *
 * <p>With a space put in front and extra spaces removed, as in every T5, the parts are those of T5's own tokenizer.json:
 * the text is cut at white space and each word marked. Other settings take the form that gives sentencepiece's ids.
 */
final class T5Json {
    private static final int SENTINELS = 100;

    private final SentencePieceModel model;
    private final TokenizerConfig config;
    private final List<String> sentinels = new ArrayList<>();

    private T5Json(SentencePieceModel model, TokenizerConfig config) {
        this.model = model;
        this.config = config;
        for (int i = config.count("extra_ids", SENTINELS) - 1; i >= 0; i--) {
            sentinels.add("<extra_id_%s>".formatted(i));
        }
        Set<String> own = model.pieces().stream().map(Piece::text).collect(Collectors.toSet());
        sentinels.removeIf(own::contains);
    }

    /** @throws CellFailure with cause YOURS where the model has no end piece, or the configuration does not fit it */
    static String of(SentencePieceModel model, TokenizerConfig config) {
        return new T5Json(model, config).file().json();
    }

    private TokenizerFile file() {
        List<String> tokens = new ArrayList<>();
        model.pieces().forEach(piece -> tokens.add(piece.text()));
        tokens.addAll(sentinels);
        TokenNumbers numbers = new TokenNumbers(model.name(), tokens, config.added());
        boolean words =
                model.normalization().dummyPrefix() && model.normalization().removeExtraSpaces();
        return new TokenizerFile(
                added(numbers),
                words ? SpaceMarks.charsmap(model.normalization()) : SpaceMarks.normalizer(model.normalization()),
                words ? wordByWord() : null,
                template(numbers),
                words && !model.byteFallback() ? metaspace() : SpaceMarks.decoder(model),
                unigram());
    }

    private List<AddedToken> added(TokenNumbers numbers) {
        List<AddedToken> added = new ArrayList<>(model.added());
        sentinels.forEach(sentinel -> added.add(new AddedToken(numbers.of(sentinel, "sentinel"), sentinel, true)));
        added.addAll(numbers.added());
        return added;
    }

    private static ObjectNode wordByWord() {
        return TokenizerFile.sequence("pretokenizers", List.of(TokenizerFile.part("WhitespaceSplit"), metaspace()));
    }

    private static ObjectNode metaspace() {
        return TokenizerFile.part("Metaspace")
                .put("replacement", SpaceMarks.MARK)
                .put("prepend_scheme", "always")
                .put("split", true);
    }

    private Template template(TokenNumbers numbers) {
        if (model.ids().end() < 0) {
            throw CellFailure.yours(
                    "%s has no end piece (eos_id -1), with which T5 ends every text. Maybe it is not a model of T5.",
                    model.name());
        }
        String end = config.token("eos_token", model.text(model.ids().end()));
        Template.Slot slot = Template.token(end, numbers.of(end, "eos_token"), 0);
        return new Template(List.of(Template.first(), slot), List.of(Template.first(), slot, Template.second(0), slot));
    }

    private ObjectNode unigram() {
        ObjectNode unigram = TokenizerFile.part("Unigram")
                .put("unk_id", model.ids().unknown())
                .put("byte_fallback", model.byteFallback());
        ArrayNode vocabulary = unigram.putArray("vocab");
        model.pieces().forEach(piece -> vocabulary.addArray().add(piece.text()).add((double) piece.score()));
        sentinels.forEach(sentinel -> vocabulary.addArray().add(sentinel).add(0.0));
        return unigram;
    }
}
