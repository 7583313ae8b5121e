package dev.fewtune.text;

import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of the sentencepiece library: the number of a piece is its place in the list.
 *
 * @param name shown in errors
 * @param ids numbers of the pieces that stand for unknown text, begin, end and padding
 * @param byteFallback whether text without a piece becomes its bytes instead of the unknown piece
 */
record SentencePieceModel(
        String name, Kind kind, List<Piece> pieces, Ids ids, boolean byteFallback, Normalization normalization) {
    private static final int BYTES = 256;

    /** How the pieces of a text are found. */
    enum Kind {
        /** The most probable sequence of pieces. */
        UNIGRAM,
        /** Neighbours merged again and again, best score first. */
        BPE
    }

    /** Numbers of pieces; -1 where a model has none. */
    record Ids(int unknown, int begin, int end, int padding) {}

    /** @throws CellFailure with cause YOURS where the parts do not fit together */
    SentencePieceModel {
        pieces = List.copyOf(pieces);
        refuseUnusable(name, pieces);
        refuseTwice(name, pieces);
        refuseOutside(name, "unk_id", ids.unknown(), 0, pieces.size());
        refuseOutside(name, "bos_id", ids.begin(), -1, pieces.size());
        refuseOutside(name, "eos_id", ids.end(), -1, pieces.size());
        refuseOutside(name, "pad_id", ids.padding(), -1, pieces.size());
        if (pieces.get(ids.unknown()).type() != Piece.Type.UNKNOWN) {
            throw CellFailure.yours(
                    "The unk_id (%s) of %s is the piece %s, which is of the type %s.",
                    ids.unknown(),
                    name,
                    pieces.get(ids.unknown()).text(),
                    pieces.get(ids.unknown()).type());
        }
        long bytes =
                pieces.stream().filter(piece -> piece.type() == Piece.Type.BYTE).count();
        if (byteFallback && bytes != BYTES) {
            throw CellFailure.yours("%s falls back on bytes, but has %s byte pieces instead of 256.", name, bytes);
        }
    }

    int size() {
        return pieces.size();
    }

    String text(int id) {
        return pieces.get(id).text();
    }

    /** Pieces that are found in a text before the model splits it. */
    List<AddedToken> added() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < size(); id++) {
            Piece.Type type = pieces.get(id).type();
            if (type == Piece.Type.CONTROL || type == Piece.Type.UNKNOWN || type == Piece.Type.USER_DEFINED) {
                added.add(new AddedToken(id, text(id), type != Piece.Type.USER_DEFINED));
            }
        }
        return added;
    }

    private static void refuseUnusable(String name, List<Piece> pieces) {
        if (pieces.isEmpty()) {
            throw CellFailure.yours("%s has no pieces.", name);
        }
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            if (piece.text().isEmpty()) {
                throw CellFailure.yours("Piece %s of %s has no text.", id, name);
            }
            if (!Float.isFinite(piece.score())) {
                throw CellFailure.yours(
                        "Piece %s (%s) of %s must have a finite score, not %s.", id, piece.text(), name, piece.score());
            }
        }
    }

    private static void refuseTwice(String name, List<Piece> pieces) {
        Map<String, Integer> seen = new HashMap<>();
        for (int id = 0; id < pieces.size(); id++) {
            Integer before = seen.put(pieces.get(id).text(), id);
            if (before != null) {
                throw CellFailure.yours(
                        "%s lists the piece %s twice, as %s and as %s. Maybe pieces were added to the model by hand.",
                        name, pieces.get(id).text(), before, id);
            }
        }
    }

    private static void refuseOutside(String name, String field, int id, int least, int size) {
        if (id < least || id >= size) {
            throw CellFailure.yours("The %s (%s) of %s must lie in [%s, %s].", field, id, name, least, size - 1);
        }
    }
}
