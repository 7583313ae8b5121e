package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of an expression, read from left to right. */
final class Tokens {
    private static final int LONGEST = 1000;
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(?<number>-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)|'(?<text>(?:[^']|'')*)'"
                    + "|(?<word>[A-Za-z_][A-Za-z0-9_.-]*)|(?<sign>==|!=|<=|>=|&&|\\|\\||[!<>(),]))");

    /**
     * @param kind number, text, word or sign
     * @param column place in the expression's text, from 0
     */
    record Token(String kind, String text, int column) {}

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    /** @throws Expression.Wrong where the text is too long or holds what is no token */
    Tokens(String text) {
        this.text = text;
        if (text.length() > LONGEST) {
            throw new Expression.Wrong(0, "the expression is longer than %d characters".formatted(LONGEST));
        }
        Matcher matcher = TOKEN.matcher(text);
        for (int at = start(0); at < text.length(); at = start(matcher.end())) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new Expression.Wrong(
                        at, "'%s' cannot be read".formatted(text.substring(at).strip()));
            }
            for (String kind : List.of("number", "text", "word", "sign")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group(kind), matcher.start(kind)));
                }
            }
        }
    }

    private int start(int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    int count() {
        return tokens.size();
    }

    /** Every name, such as {@code matrix.seed}. */
    List<String> words() {
        return tokens.stream()
                .filter(token -> token.kind().equals("word"))
                .map(Token::text)
                .toList();
    }

    /** @throws Expression.Wrong at the end */
    Token next() {
        if (next >= tokens.size()) {
            throw new Expression.Wrong(text.length(), "the expression ends too early");
        }
        return tokens.get(next++);
    }

    /** Steps over a sign where it stands here. */
    boolean take(String sign) {
        boolean here = next < tokens.size()
                && tokens.get(next).kind().equals("sign")
                && tokens.get(next).text().equals(sign);
        next += here ? 1 : 0;
        return here;
    }

    void need(String sign) {
        if (!take(sign)) {
            throw wrong("'%s' is missing".formatted(sign));
        }
    }

    void needEnd() {
        if (next < tokens.size()) {
            throw wrong("'%s' does not belong here".formatted(tokens.get(next).text()));
        }
    }

    /** A problem at the place that was reached. */
    Expression.Wrong wrong(String message) {
        return new Expression.Wrong(next < tokens.size() ? tokens.get(next).column() : text.length(), message);
    }
}
