package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** What Transformers calls the loss of a saved tiny network on the text of its fixture. */
public final class LanguageLoss {
    private static final int IGNORED = -100;

    private final String name;
    private final HuggingFaceFolder folder;
    private final JsonNode text;

    /** Where a label stands among the rows of the states, and what it is. */
    private record Labels(int[] rows, int[] labels) {}

    public LanguageLoss(Path folder) throws IOException {
        this.name = folder.getFileName().toString();
        this.folder = HuggingFaceFolder.open(folder);
        this.text = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    }

    public Weights weights(Path cache) {
        return new WeightFiles(cache).of(folder, name, Precision.F32);
    }

    /** Our names of pretrained tensors, by all the names that Transformers may have for them. */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        folder.config().inventory().pieces().forEach(piece -> piece.foreign()
                .forEach(foreign -> names.put(foreign, piece.name())));
        return names;
    }

    /** Of every row, flat: the rows before the text included where a method puts them there. */
    public <T extends TFloating> Operand<T> logits(Layers<T> net) {
        Network network = folder.config().network();
        Ops tf = net.pass().tf();
        Operand<T> states = hidden(net, network).states();
        int width = (int) states.shape().get(2);
        Operand<T> rows = tf.reshape(states, tf.constant(new int[] {-1, width}));
        return tf.reshape(network.vocabulary(net, rows), tf.constant(new int[] {-1}));
    }

    public <T extends TFloating> Operand<T> loss(Layers<T> net) {
        Network network = folder.config().network();
        return loss(net, network, hidden(net, network), network instanceof Llama ? 1 : 0);
    }

    /** Of the stack that predicts. */
    private <T extends TFloating> Backbone.Hidden<T> hidden(Layers<T> net, Network network) {
        Ops tf = net.pass().tf();
        Operand<TInt32> ids = tf.constant(ints("input_ids"));
        Operand<T> mask =
                tf.dtypes.cast(tf.constant(ints("attention_mask")), net.pass().type());
        if (network instanceof T5 t5) {
            Backbone.Hidden<T> read = t5.encoded(net, ids, mask);
            Operand<TInt32> written = tf.constant(ints("decoder_input_ids"));
            Operand<T> all = tf.onesLike(tf.dtypes.cast(written, net.pass().type()));
            return t5.decoded(net, written, all, read);
        }
        Operand<TInt32> types = text.has("token_type_ids") ? tf.constant(ints("token_type_ids")) : tf.zerosLike(ids);
        return network.hidden(net, ids, types, mask);
    }

    /** @param ahead how many rows a label stands after the row that predicts it */
    private <T extends TFloating> Operand<T> loss(
            Layers<T> net, Network network, Backbone.Hidden<T> hidden, int ahead) {
        Ops tf = net.pass().tf();
        Labels labels = labels(hidden.before(), ahead);
        int width = (int) hidden.states().shape().get(2);
        Operand<T> flat = tf.reshape(hidden.states(), tf.constant(new int[] {-1, width}));
        Operand<T> rows = tf.gather(flat, tf.constant(labels.rows()), tf.constant(0), new Gather.Options[0]);
        Operand<T> likelihoods = tf.nn.logSoftmax(network.vocabulary(net, rows));
        int[][] places = new int[labels.labels().length][];
        java.util.Arrays.setAll(places, i -> new int[] {i, labels.labels()[i]});
        return tf.math.neg(tf.math.mean(tf.gatherNd(likelihoods, tf.constant(places)), tf.constant(0)));
    }

    private Labels labels(int before, int ahead) {
        List<Integer> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        int[][] all = ints("labels");
        for (int example = 0; example < all.length; example++) {
            for (int place = 0; place < all[example].length; place++) {
                int row = before + place - ahead;
                if (all[example][place] != IGNORED && row >= 0) {
                    rows.add(example * (before + all[example].length) + row);
                    labels.add(all[example][place]);
                }
            }
        }
        return new Labels(
                rows.stream().mapToInt(Integer::intValue).toArray(),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private int[][] ints(String field) {
        JsonNode rows = text.get(field);
        int[][] values = new int[rows.size()][];
        for (int row = 0; row < values.length; row++) {
            JsonNode numbers = rows.get(row);
            values[row] = new int[numbers.size()];
            java.util.Arrays.setAll(values[row], i -> numbers.get(i).asInt());
        }
        return values;
    }
}
