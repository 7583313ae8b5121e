package dev.fewtune.step;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.task.Example;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Examples in their template, as tokens. Where they do not fit, the longest text of the example is cut at its end, so that
 * the words of the template stay.
 */
record Filling(Tokenizer tokenizer, Asking asking, int maxLength) {
    /** Longer than any example. */
    private static final int UNLIMITED = 1 << 24;

    /** @throws CellFailure with cause YOURS where the template alone is too long */
    List<Tokens> tokens(List<Example> examples) {
        List<String> filled =
                examples.stream().map(example -> asking.filled(values(example))).toList();
        List<Tokens> all = new ArrayList<>(tokenizer.encode(filled, null, maxLength));
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).truncated()) {
                all.set(i, cut(examples.get(i)));
            }
        }
        return all;
    }

    /** What looks like the mask in a text is none. */
    private List<String> values(Example example) {
        List<String> values = new ArrayList<>(example.texts());
        if (!asking.mask().isEmpty()) {
            values.replaceAll(text -> text.replace(asking.mask(), " "));
        }
        return values;
    }

    private Tokens cut(Example example) {
        List<String> values = values(example);
        Tokens found = encode(values);
        while (found.ids().length > maxLength) {
            int longest = longest(values);
            String text = values.get(longest);
            if (text.isEmpty()) {
                throw CellFailure.yours(
                        "%s: the template alone has %s tokens, and max_length is %s. Maybe a greater max_length.",
                        example.id(), found.ids().length, maxLength);
            }
            values.set(longest, shorter(text, values, found.ids().length));
            found = encode(values);
        }
        return new Tokens(found.ids(), found.types(), true);
    }

    private Tokens encode(List<String> values) {
        return tokenizer.encode(List.of(asking.filled(values)), null, UNLIMITED).get(0);
    }

    private static int longest(List<String> values) {
        int longest = 0;
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i).length() > values.get(longest).length()) {
                longest = i;
            }
        }
        return longest;
    }

    /** By as much as there is too much, if all characters had equal shares of the tokens; whole words where there are any. */
    private String shorter(String text, List<String> values, int tokens) {
        double perToken = (double) asking.filled(values).length() / tokens;
        int keep = Math.max(0, text.length() - (int) Math.ceil((tokens - maxLength) * perToken));
        if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
            keep--;
        }
        int word = text.lastIndexOf(' ', keep);
        return text.substring(0, word > 0 ? word : keep);
    }
}
