package dev.fewtune.text;

import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The numbers of a vocabulary's tokens: those of the model, then those that are added. */
final class TokenNumbers {
    private final String name;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<AddedToken> added = new ArrayList<>();

    /**
     * Numbers the tokens of a model from 0, and puts the added ones behind them.
     *
     * @param name file of the vocabulary, shown in errors
     * @throws CellFailure with cause YOURS where the added ones do not fit the model
     */
    TokenNumbers(String name, List<String> tokens, AddedTokens beside) {
        this.name = name;
        for (int id = 0; id < tokens.size(); id++) {
            numbers.put(tokens.get(id), id);
        }
        beside.tokens().forEach(token -> append(token, tokens, beside.file()));
    }

    /** @throws CellFailure with cause YOURS where there is no such token */
    int of(String token, String role) {
        Integer id = numbers.get(token);
        if (id == null) {
            throw CellFailure.yours(
                    "%s has no token %s, which is the %s. Maybe tokenizer_config.json names another %s.",
                    name, token, role, role);
        }
        return id;
    }

    boolean has(String token) {
        return numbers.containsKey(token);
    }

    /** Tokens behind those of the model, in the order of their numbers. */
    List<AddedToken> added() {
        return List.copyOf(added);
    }

    private void append(AddedToken token, List<String> tokens, String file) {
        if (token.id() < tokens.size()) {
            String own = tokens.get(token.id());
            if (!own.equals(token.content())) {
                throw CellFailure.yours(
                        "%s: token %s must be %s, as in %s, not %s.", file, token.id(), own, name, token.content());
            }
            return;
        }
        int next = tokens.size() + added.size();
        if (has(token.content())) {
            throw CellFailure.yours(
                    "%s: the added token %s is already token %s of %s.",
                    file, token.content(), numbers.get(token.content()), name);
        }
        if (token.id() != next) {
            throw CellFailure.yours(
                    "%s: the added token %s must have the next free number of %s, %s, not %s.",
                    file, token.content(), name, next, token.id());
        }
        numbers.put(token.content(), token.id());
        added.add(token);
    }
}
