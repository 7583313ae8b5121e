package dev.fewtune.train;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 over the content of plain data, the same in every process: records, lists, maps, arrays, texts and numbers. */
final class Content {
    private final MessageDigest digest;

    private Content(MessageDigest digest) {
        this.digest = digest;
    }

    /** In hexadecimal digits. */
    static String hash(Object data) {
        try {
            Content content = new Content(MessageDigest.getInstance("SHA-256"));
            content.add(data);
            return HexFormat.of().formatHex(content.digest.digest());
        } catch (NoSuchAlgorithmException | ReflectiveOperationException e) {
            throw new IllegalStateException("%s has no hash.".formatted(data.getClass()), e);
        }
    }

    /** Each part counts with its length, so that moved borders show. */
    private void add(Object data) throws ReflectiveOperationException {
        if (data instanceof Record whole) {
            for (RecordComponent component : whole.getClass().getRecordComponents()) {
                add(component.getName());
                add(component.getAccessor().invoke(whole));
            }
        } else if (data instanceof Map<?, ?> map) {
            add(map.size());
            for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
                add(entry.getKey());
                add(entry.getValue());
            }
        } else if (data instanceof List<?> list) {
            add(list.size());
            for (Object each : list) {
                add(each);
            }
        } else if (data instanceof int[] numbers) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
            bytes.asIntBuffer().put(numbers);
            add(bytes);
        } else if (data instanceof double[] numbers) {
            ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length);
            bytes.asDoubleBuffer().put(numbers);
            add(bytes);
        } else {
            add(ByteBuffer.wrap(String.valueOf(data).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void add(ByteBuffer bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.remaining()).flip());
        digest.update(bytes);
    }
}
