package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/**
 * What Transformers made of texts with one tokenizer, as {@code src/test/reference/tokenizers/reference.py} wrote it.
 *
 * @param vocabulary its number of tokens
 * @param ids of each text
 * @param pairs texts that were encoded together
 * @param decoded texts of the first rows of {@code ids}, with and without special tokens
 */
record Expected(
        int vocabulary, List<int[]> ids, List<Pair> pairs, List<String> decoded, List<String> decodedWithoutSpecial) {
    /** Longer than every text of the fixture. */
    static final int LONG = 4096;

    /** The text of a number and the one after it. */
    record Pair(int first, int[] ids, int[] types) {}

    static Expected of(JsonNode json) {
        return new Expected(
                json.get("vocabulary").asInt(),
                stream(json.get("ids")).map(Expected::ints).toList(),
                stream(json.get("pairs"))
                        .map(pair ->
                                new Pair(pair.get("first").asInt(), ints(pair.get("ids")), ints(pair.get("types"))))
                        .toList(),
                stream(json.get("decoded")).map(JsonNode::asText).toList(),
                stream(json.get("decoded_without_special"))
                        .map(JsonNode::asText)
                        .toList());
    }

    static List<String> texts() {
        return stream(json("texts.json.gz")).map(JsonNode::asText).toList();
    }

    static JsonNode json(String resource) {
        try {
            return new ObjectMapper().readTree(bytes(resource));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A resource without its gzip. */
    static byte[] bytes(String resource) {
        try (InputStream in = new GZIPInputStream(Expected.class.getResourceAsStream(resource))) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Writes a resource into a folder under the name that a model's folder gives it. */
    static Path file(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), bytes(name + ".gz"));
    }

    static int[] ints(JsonNode numbers) {
        return stream(numbers).mapToInt(JsonNode::asInt).toArray();
    }

    void numbersAre(Tokenizer tokenizer, List<String> texts) {
        same(
                texts,
                ids,
                tokenizer.encode(texts, null, LONG).stream().map(Tokens::ids).toList());
    }

    void pairsAre(Tokenizer tokenizer, List<String> texts) {
        List<Tokens> found = tokenizer.encode(
                pairs.stream().map(pair -> texts.get(pair.first())).toList(),
                pairs.stream().map(pair -> texts.get(pair.first() + 1)).toList(),
                LONG);
        for (int i = 0; i < pairs.size(); i++) {
            assertThat(found.get(i).ids()).containsExactly(pairs.get(i).ids());
            assertThat(found.get(i).types()).containsExactly(pairs.get(i).types());
        }
    }

    void textsAre(Tokenizer tokenizer) {
        for (int i = 0; i < decoded.size(); i++) {
            assertThat(tokenizer.decode(ids.get(i), false)).isEqualTo(decoded.get(i));
            assertThat(tokenizer.decode(ids.get(i), true)).isEqualTo(decodedWithoutSpecial.get(i));
        }
    }

    /** Names every text whose numbers differ. */
    static void same(List<String> texts, List<int[]> expected, List<int[]> found) {
        assertThat(found).hasSameSizeAs(expected).hasSameSizeAs(texts);
        List<String> differences = new ArrayList<>();
        IntStream.range(0, texts.size())
                .filter(i -> !Arrays.equals(expected.get(i), found.get(i)))
                .forEach(i -> differences.add("\"%s\": expected %s, found %s"
                        .formatted(texts.get(i), Arrays.toString(expected.get(i)), Arrays.toString(found.get(i)))));
        assertThat(differences).isEmpty();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
