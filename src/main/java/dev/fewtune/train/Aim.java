package dev.fewtune.train;

import java.util.List;

/**
 * What a network is asked for.
 *
 * @param objective one of {@link #OBJECTIVES}: a new head over the text; a text that is written; or the likeliest of the
 *     words that stand for the classes
 * @param words for a verbalizer: the tokens of each class's word, an end included where the network writes it
 * @param mask for a verbalizer: the token that a network which does not write fills; -1 for none
 * @param longest most tokens that are written
 * @param beams that are followed while writing; 1 always takes the likeliest token
 */
public record Aim(String objective, List<List<Integer>> words, int mask, int longest, int beams) {
    public static final String HEAD = "head";
    public static final String TEXT_TO_TEXT = "text-to-text";
    public static final String VERBALIZER = "verbalizer";
    /** Words that are hidden anywhere in the text are found again: how a masked-language model is pretrained. */
    static final String RESTORE = "restore";

    /** What a fine-tuning can ask for. */
    public static final List<String> OBJECTIVES = List.of(HEAD, TEXT_TO_TEXT, VERBALIZER);

    public Aim {
        if (!OBJECTIVES.contains(objective) && !objective.equals(RESTORE)) {
            throw new IllegalArgumentException(
                    "The objective (%s) must be one of %s.".formatted(objective, String.join(", ", OBJECTIVES)));
        }
        if (objective.equals(VERBALIZER) && (words.size() < 2 || words.stream().anyMatch(List::isEmpty))) {
            throw new IllegalArgumentException("A verbalizer needs a word for each of two classes or more.");
        }
        if (objective.equals(TEXT_TO_TEXT) && (longest < 1 || beams < 1)) {
            throw new IllegalArgumentException(
                    "The longest text (%s) and the beams (%s) must be at least 1.".formatted(longest, beams));
        }
        words = words.stream().map(List::copyOf).toList();
    }

    /** A new head over the text. */
    public static Aim head() {
        return new Aim(HEAD, List.of(), -1, 0, 0);
    }

    public static Aim textToText(int longest, int beams) {
        return new Aim(TEXT_TO_TEXT, List.of(), -1, longest, beams);
    }

    static Aim restore() {
        return new Aim(RESTORE, List.of(), -1, 0, 0);
    }

    public static Aim verbalizer(List<List<Integer>> words, int mask) {
        return new Aim(VERBALIZER, words, mask, 0, 0);
    }
}
