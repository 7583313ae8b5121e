package dev.fewtune.corpus;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Progress;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tokens of all texts of a folder, one after the other, in blocks. Each 50th block, chosen by its number alone, is
 * held out.
 */
public final class Corpus {
    private static final int HELD_OUT = 50;
    private static final int AT_ONCE = 1000;

    private final int[] tokens;
    private final int block;
    private final List<Integer> train = new ArrayList<>();
    private final List<Integer> heldOut = new ArrayList<>();

    /**
     * @param tokens of all texts
     * @param block tokens of a block; what is left at the end is dropped
     */
    Corpus(int[] tokens, int block) {
        this.tokens = tokens;
        this.block = block;
        for (int i = 0; (i + 1) * (long) block <= tokens.length; i++) {
            boolean out = new KeyedRandom(i, "held out").nextInt(HELD_OUT) == 0;
            (out ? heldOut : train).add(i);
        }
    }

    /**
     * Reads the .txt files of a folder in the order of their names, line by line; empty lines are left out.
     *
     * @param special tokens that the tokenizer puts around a text and that are left out here
     * @throws CellFailure with cause YOURS where there is none, one is not UTF-8, or there are too few tokens
     */
    public static Corpus read(Path folder, Tokenizer tokenizer, List<Integer> special, int block, Progress progress)
            throws IOException {
        List<Path> files = files(folder);
        Ints all = new Ints();
        for (int i = 0; i < files.size(); i++) {
            add(files.get(i), tokenizer, special, all);
            progress.at(i + 1, files.size());
        }
        Corpus corpus = new Corpus(all.toArray(), block);
        if (corpus.train.isEmpty() || corpus.heldOut.isEmpty()) {
            throw CellFailure.yours(
                    "The texts in %s have %,d tokens, %,d blocks of %,d, of which one in %d is held out: too few. "
                            + "Maybe add text, or a smaller length.",
                    folder, all.size(), all.size() / block, block, HELD_OUT);
        }
        return corpus;
    }

    /** Number of blocks to learn from. */
    public int size() {
        return train.size();
    }

    public int heldOut() {
        return heldOut.size();
    }

    public int tokens() {
        return tokens.length;
    }

    /** How often each token stands in the blocks to learn from. */
    public long[] counts(int vocabulary) {
        long[] counts = new long[vocabulary];
        for (int i = 0; i < size(); i++) {
            for (int token : block(i)) {
                counts[token]++;
            }
        }
        return counts;
    }

    /** SHA-256 of all tokens and the length of a block, in hexadecimal digits. */
    public String identity() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer bytes = ByteBuffer.allocate(4 * block);
            for (int from = 0; from + block <= tokens.length; from += block) {
                bytes.clear().asIntBuffer().put(tokens, from, block);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @param number in [0, size) */
    public int[] block(int number) {
        return at(train.get(number));
    }

    /** @param number in [0, heldOut) */
    public int[] heldOut(int number) {
        return at(heldOut.get(number));
    }

    private int[] at(int number) {
        return Arrays.copyOfRange(tokens, number * block, (number + 1) * block);
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw CellFailure.yours("There is no folder %s.", folder);
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(file -> file.getFileName().toString().endsWith(".txt"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw CellFailure.yours("The folder %s has no file whose name ends with .txt.", folder);
            }
            return files;
        }
    }

    private static void add(Path file, Tokenizer tokenizer, List<Integer> special, Ints all) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            List<String> some = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    some.add(line.strip());
                }
                if (some.size() == AT_ONCE) {
                    add(some, tokenizer, special, all);
                }
            }
            add(some, tokenizer, special, all);
        } catch (CharacterCodingException e) {
            throw CellFailure.yours("%s is not UTF-8. Maybe convert it, or take it out of the folder.", file);
        }
    }

    private static void add(List<String> lines, Tokenizer tokenizer, List<Integer> special, Ints all) {
        if (lines.isEmpty()) {
            return;
        }
        for (Tokens tokens : tokenizer.encode(lines, null, Integer.MAX_VALUE)) {
            for (int id : tokens.ids()) {
                if (!special.contains(id)) {
                    all.add(id);
                }
            }
        }
        lines.clear();
    }

    /** A list of whole numbers that grows. */
    private static final class Ints {
        private int[] numbers = new int[1 << 16];
        private int size;

        void add(int number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.multiplyExact(size, 2));
            }
            numbers[size++] = number;
        }

        int size() {
            return size;
        }

        int[] toArray() {
            return Arrays.copyOf(numbers, size);
        }
    }
}
