package dev.fewtune.method;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which features of each layer are left where a network is made narrower. From the token table on, one set of features is
 * handed from matrix to matrix: of each, the rows are those of the set before, and the columns of the largest sum of sizes
 * make the next one; matrices whose outputs meet, as queries, keys and values, are multiplied entry by entry first. Norms
 * have the features that they scale.
 */
final class Surviving {
    private final Weights weights;
    private final Map<String, Joint> narrow;
    private final Map<String, int[]> rows = new HashMap<>();
    private final Map<String, int[]> columns = new HashMap<>();

    /**
     * @param narrow the joints of the narrower layers, by stack and site, as encoder.query
     * @param tables of tokens by the stack, that of the stack first at which others look
     */
    Surviving(Weights weights, Map<String, Joint> narrow, Map<String, Joint> tables) {
        this.weights = weights;
        this.narrow = narrow;
        int[] read = null;
        for (var table : tables.entrySet()) {
            read = walk(table.getKey(), table.getValue(), read);
        }
    }

    /** What is left of a pretrained tensor, row-major. */
    double[] of(Joint at, Kind kind) {
        double[] all = weights.values(at.tensor(kind));
        int[] left = columns.get(at.toString());
        if (kind != Kind.WEIGHT) {
            return IntStream.of(left).mapToDouble(place -> all[place]).toArray();
        }
        int width = width(at.tensor(kind));
        return IntStream.of(rows.get(at.toString()))
                .boxed()
                .flatMapToDouble(row -> IntStream.of(left).mapToDouble(column -> all[row * width + column]))
                .toArray();
    }

    /** @return what is left behind the last layer */
    private int[] walk(String stack, Joint table, int[] read) {
        int[] all = IntStream.range(0, table.in()).toArray();
        int[] left = largest(
                List.of(table.tensor(Kind.WEIGHT)),
                List.of(all),
                joint(stack, Site.QUERY).in());
        for (int layer = 0; known(stack + "." + layer + ".query.weight"); layer++) {
            left = layer(stack, stack + "." + layer + ".", left, read);
        }
        columns.put(stack + "." + Site.FINAL_NORM.label(), left);
        return left;
    }

    private int[] layer(String stack, String at, int[] in, int[] read) {
        boolean normsFirst = known(stack + ".final_norm.scale");
        int[] left = attention(stack, at, in, in, List.of(Site.QUERY, Site.KEY, Site.VALUE, Site.ATTENTION_OUTPUT));
        columns.put(at + Site.ATTENTION_NORM.label(), normsFirst ? in : left);
        if (narrow.containsKey(stack + "." + Site.CROSS_QUERY.label())) {
            columns.put(at + Site.CROSS_ATTENTION_NORM.label(), left);
            left = attention(
                    stack,
                    at,
                    left,
                    read,
                    List.of(Site.CROSS_QUERY, Site.CROSS_KEY, Site.CROSS_VALUE, Site.CROSS_ATTENTION_OUTPUT));
        }
        int[] middle = left;
        List<Site> wide = narrow.containsKey(stack + "." + Site.GATE.label())
                ? List.of(Site.INTERMEDIATE, Site.GATE)
                : List.of(Site.INTERMEDIATE);
        left = map(stack, at, List.of(Site.OUTPUT), map(stack, at, wide, middle));
        columns.put(at + Site.OUTPUT_NORM.label(), normsFirst ? middle : left);
        return left;
    }

    /** @param sites query, key, value, output; keys and values that fewer heads have are a group of their own */
    private int[] attention(String stack, String at, int[] asks, int[] told, List<Site> sites) {
        rows.put(at + sites.get(0).label(), asks);
        rows.put(at + sites.get(1).label(), told);
        rows.put(at + sites.get(2).label(), told);
        if (joint(stack, sites.get(0)).out() == joint(stack, sites.get(2)).out()) {
            keep(stack, at, sites.subList(0, 3));
        } else {
            keep(stack, at, sites.subList(0, 1));
            keep(stack, at, sites.subList(1, 3));
        }
        return map(stack, at, sites.subList(3, 4), columns.get(at + sites.get(0).label()));
    }

    private int[] map(String stack, String at, List<Site> sites, int[] in) {
        sites.forEach(site -> rows.put(at + site.label(), in));
        return keep(stack, at, sites);
    }

    private int[] keep(String stack, String at, List<Site> sites) {
        List<String> names = sites.stream().map(site -> at + site.label()).toList();
        int[] left = largest(
                names.stream().map(name -> name + ".weight").toList(),
                names.stream().map(rows::get).toList(),
                joint(stack, sites.get(0)).out());
        names.forEach(name -> columns.put(name, left));
        return left;
    }

    /** The columns with the largest sums of the products of all matrices, in their order. */
    private int[] largest(List<String> tensors, List<int[]> from, int count) {
        int width = width(tensors.get(0));
        double[] products = new double[from.get(0).length * width];
        Arrays.fill(products, 1);
        for (int matrix = 0; matrix < tensors.size(); matrix++) {
            double[] values = weights.values(tensors.get(matrix));
            int[] taken = from.get(matrix);
            for (int i = 0; i < products.length; i++) {
                products[i] *= Math.abs(values[taken[i / width] * width + i % width]);
            }
        }
        double[] sums = new double[width];
        for (int i = 0; i < products.length; i++) {
            sums[i % width] += products[i];
        }
        return IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparingDouble(column -> -sums[column]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private Joint joint(String stack, Site site) {
        return narrow.get(stack + "." + site.label());
    }

    private int width(String tensor) {
        return Math.toIntExact(weights.shape(tensor)[1]);
    }

    private boolean known(String tensor) {
        try {
            return weights.shape(tensor) != null;
        } catch (IllegalArgumentException absent) {
            return false;
        }
    }
}
