package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * Where a tensor lies in a file.
 *
 * @param begin bytes from the start of the file
 * @param end the byte after the last
 */
record TensorPlace(NumberType type, long[] shape, long begin, long end) {
    long length() {
        return end - begin;
    }

    /**
     * Reads dtype, shape and data_offsets as safetensors have them.
     *
     * @param base bytes from the start of the file to that of the tensors
     * @return null where a fault was found
     */
    static TensorPlace of(String name, JsonNode node, long base, Faults faults) {
        NumberType type = type(node.path("dtype").asText());
        long[] shape = longs(node.path("shape"));
        long[] offsets = longs(node.path("data_offsets"));
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            faults.add("%s: not a tensor with a known dtype, a shape and two data_offsets: %s", name, node);
            return null;
        }
        if (offsets[1] < offsets[0] || offsets[1] > Long.MAX_VALUE - base) {
            faults.add("%s: its data_offsets %s run backwards", name, Arrays.toString(offsets));
            return null;
        }
        TensorPlace place = new TensorPlace(type, shape, base + offsets[0], base + offsets[1]);
        if (!place.fits()) {
            faults.add(
                    "%s: %s %s does not take the %s bytes of its data_offsets %s",
                    name, type, Arrays.toString(shape), place.length(), Arrays.toString(offsets));
        }
        return place;
    }

    private static NumberType type(String name) {
        return Arrays.stream(NumberType.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The non-negative whole numbers of a list, or null where it is something else. */
    private static long[] longs(JsonNode list) {
        if (!list.isArray()) {
            return null;
        }
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!list.get(i).isIntegralNumber()
                    || !list.get(i).canConvertToLong()
                    || list.get(i).asLong() < 0) {
                return null;
            }
            numbers[i] = list.get(i).asLong();
        }
        return numbers;
    }

    private boolean fits() {
        try {
            return Arrays.stream(shape).reduce(type.size(), Math::multiplyExact) == length();
        } catch (ArithmeticException e) {
            return false;
        }
    }
}
