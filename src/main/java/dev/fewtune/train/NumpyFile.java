package dev.fewtune.train;

import dev.fewtune.backbone.MalformedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One array in NumPy's format (NEP 1): a magic word, a header in Python's notation, and the numbers. */
final class NumpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '<f([48])', 'fortran_order': False, 'shape': \\(([0-9, ]+)\\), *\\}\\s*");

    private NumpyFile() {}

    /** @throws MalformedFile where it is no array of float32 or float64, row by row */
    static Numbers read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        if (all.length < 12 || !Arrays.equals(Arrays.copyOf(all, MAGIC.length), MAGIC)) {
            throw new MalformedFile("It is no file of NumPy.");
        }
        ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int from = all[6] == 1 ? 10 : 12;
        long length = all[6] == 1 ? bytes.getShort(8) & 0xffff : bytes.getInt(8) & 0xffffffffL;
        if (from + length > all.length) {
            throw new MalformedFile("It breaks off in its header.");
        }
        String header = new String(all, from, (int) length, StandardCharsets.ISO_8859_1);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new MalformedFile(
                    "It is no array of float32 or float64 that lies row by row: %s.".formatted(header.strip()));
        }
        long[] shape = Arrays.stream(matcher.group(2).split(","))
                .map(String::strip)
                .filter(number -> !number.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        int width = Integer.parseInt(matcher.group(1));
        bytes.position(from + (int) length);
        double[] values = new double[bytes.remaining() / width];
        for (int i = 0; i < values.length; i++) {
            values[i] = width == 8 ? bytes.getDouble() : bytes.getFloat();
        }
        if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
            throw new MalformedFile(
                    "%s numbers are none of shape %s.".formatted(values.length, Arrays.toString(shape)));
        }
        return new Numbers(shape, values);
    }
}
