package dev.fewtune.workflow;

import java.math.BigInteger;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/** Gives plain scalars their type by the core schema of YAML 1.2, in which {@code 1e-3} is a number and {@code no} a text. */
final class Scalars {
    private static final ScalarResolver RESOLVER = new CoreScalarResolver(false);
    private static final int LONGEST_NUMBER = 100;

    private Scalars() {}

    static Tree read(ScalarEvent event, Mark at) {
        TreeReader.refuseTag(event.getTag(), at);
        ScalarStyle style = event.getScalarStyle();
        boolean quoted = style == ScalarStyle.SINGLE_QUOTED || style == ScalarStyle.DOUBLE_QUOTED;
        Object value = event.isPlain() ? typed(event.getValue()) : event.getValue();
        return new Tree.Scalar(value, at, quoted ? at.right(1) : at);
    }

    private static Object typed(String text) {
        Tag tag = RESOLVER.resolve(text, true);
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        if (text.length() > LONGEST_NUMBER) {
            return text;
        }
        if (tag.equals(Tag.INT)) {
            return whole(text);
        }
        return tag.equals(Tag.FLOAT) ? (Object) number(text) : text;
    }

    private static Object whole(String text) {
        BigInteger value = new BigInteger(text.replaceFirst("0[xo]", ""), radix(text));
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private static int radix(String text) {
        if (text.contains("0x")) {
            return 16;
        }
        return text.contains("0o") ? 8 : 10;
    }

    private static double number(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.endsWith(".nan")) {
            return Double.NaN;
        }
        if (lower.endsWith(".inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(text);
    }
}
