package dev.fewtune.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges that the pieces of a BPE model imply. sentencepiece merges any two neighbours whose joined text is a
 * piece, best score first; the tokenizers library wants the list of all such pairs in order.
 */
final class Merges {
    /**
     * Best score first; then, as Transformers orders pairs that make the same piece, the longer left part first. The
     * sum turns -0.0 into 0.0.
     */
    private static final Comparator<Merge> ORDER = Comparator.comparing((Merge merge) -> merge.score() + 0f)
            .thenComparing(merge -> length(merge.left()))
            .thenComparing(merge -> length(merge.right()))
            .reversed();

    private Merges() {}

    /** Two pieces and the score of what they make. */
    record Merge(String left, String right, float score) {}

    static List<Merge> of(List<Piece> pieces) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int id = 0; id < pieces.size(); id++) {
            numbers.put(pieces.get(id).text(), id);
        }
        List<Merge> merges = new ArrayList<>();
        pieces.forEach(piece -> merges.addAll(into(piece, numbers)));
        merges.sort(ORDER);
        return merges;
    }

    private static List<Merge> into(Piece piece, Map<String, Integer> numbers) {
        List<Merge> merges = new ArrayList<>();
        String text = piece.text();
        for (int cut = text.offsetByCodePoints(0, 1); cut < text.length(); cut = text.offsetByCodePoints(cut, 1)) {
            String left = text.substring(0, cut);
            String right = text.substring(cut);
            if (numbers.containsKey(left) && numbers.containsKey(right)) {
                merges.add(new Merge(left, right, piece.score()));
            }
        }
        merges.sort(Comparator.comparing((Merge merge) -> numbers.get(merge.left()))
                .thenComparing(merge -> numbers.get(merge.right())));
        return merges;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
