package dev.fewtune.workflow;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** YAML with the place of every value. */
sealed interface Tree {
    Mark at();

    /** Keys and values in it, itself included, aliases counted each time, texts by their weight. */
    long size();

    /** Levels in it, itself included, through aliases too. */
    int depth();

    /** Null, Boolean, Long, BigInteger, Double, String, List or Map. */
    Object plain();

    /** What it is, for people. */
    String shape();

    /**
     * @param text where the first character of a text stands, after the quote
     */
    record Scalar(Object value, Mark at, Mark text) implements Tree {
        @Override
        public long size() {
            return value instanceof String words ? weight(words) : 1;
        }

        @Override
        public int depth() {
            return 1;
        }

        @Override
        public Object plain() {
            return value;
        }

        @Override
        public String shape() {
            if (value == null) {
                return "nothing";
            }
            if (value instanceof Boolean) {
                return "true or false";
            }
            if (value instanceof Long || value instanceof BigInteger) {
                return "a whole number";
            }
            return value instanceof Double ? "a number" : "a text";
        }
    }

    record Sequence(List<Tree> items, Mark at, long size, int depth) implements Tree {
        static Sequence of(List<Tree> items, Mark at) {
            return new Sequence(
                    List.copyOf(items),
                    at,
                    1 + items.stream().mapToLong(Tree::size).sum(),
                    1 + deepest(items));
        }

        @Override
        public Object plain() {
            List<Object> list = new ArrayList<>();
            items.forEach(item -> list.add(item.plain()));
            return Collections.unmodifiableList(list);
        }

        @Override
        public String shape() {
            return "a list";
        }
    }

    record Entry(Mark key, Tree value) {}

    record Mapping(Map<String, Entry> entries, Mark at, long size, int depth) implements Tree {
        static Mapping of(Map<String, Entry> entries, Mark at) {
            long size = entries.entrySet().stream()
                    .mapToLong(entry ->
                            weight(entry.getKey()) + entry.getValue().value().size())
                    .sum();
            List<Tree> values = entries.values().stream().map(Entry::value).toList();
            return new Mapping(
                    Collections.unmodifiableMap(new LinkedHashMap<>(entries)), at, 1 + size, 1 + deepest(values));
        }

        /** The value of a key, or null where it is absent. */
        Tree get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }

        @Override
        public Object plain() {
            Map<String, Object> map = new LinkedHashMap<>();
            entries.forEach((key, entry) -> map.put(key, entry.value().plain()));
            return Collections.unmodifiableMap(map);
        }

        @Override
        public String shape() {
            return "a map";
        }
    }

    /** An expression that could not be worked out; its problem is known. */
    record Failed(Mark at) implements Tree {
        @Override
        public long size() {
            return 1;
        }

        @Override
        public int depth() {
            return 1;
        }

        @Override
        public Object plain() {
            return null;
        }

        @Override
        public String shape() {
            return "unknown";
        }
    }

    private static int deepest(List<Tree> trees) {
        return trees.stream().mapToInt(Tree::depth).max().orElse(0);
    }

    /** One for each hundred characters begun. */
    static long weight(String text) {
        return 1 + text.length() / 100;
    }

    /** A value from outside of the file, shown at one place of it. */
    static Tree of(Object plain, Mark at) {
        if (plain instanceof List<?> list) {
            return Sequence.of(list.stream().map(item -> of(item, at)).toList(), at);
        }
        if (plain instanceof Map<?, ?> map) {
            Map<String, Entry> entries = new LinkedHashMap<>();
            map.forEach((key, value) -> entries.put(String.valueOf(key), new Entry(at, of(value, at))));
            return Mapping.of(entries, at);
        }
        return new Scalar(scalar(plain), at, at);
    }

    private static Object scalar(Object plain) {
        if (plain instanceof Integer || plain instanceof Short || plain instanceof Byte) {
            return ((Number) plain).longValue();
        }
        if (plain == null || plain instanceof Boolean || plain instanceof Long || plain instanceof BigInteger) {
            return plain;
        }
        return plain instanceof Number number ? (Object) number.doubleValue() : plain.toString();
    }
}
