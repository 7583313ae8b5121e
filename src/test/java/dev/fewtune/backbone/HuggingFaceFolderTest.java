package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceFolderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        "t5-v1_1, shared.weight, shared.tokens.weight, false",
        "t5-v1_1, encoder.block.1.layer.0.SelfAttention.q.weight, encoder.1.query.weight, true",
        "t5-v1_1, encoder.block.1.layer.0.SelfAttention.k.weight, encoder.1.key.weight, true",
        "t5-v1_1, encoder.block.1.layer.0.SelfAttention.v.weight, encoder.1.value.weight, true",
        "t5-v1_1, encoder.block.1.layer.0.SelfAttention.o.weight, encoder.1.attention_output.weight, true",
        "t5-v1_1, encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight, encoder.0.relative_bias.weight, false",
        "t5-v1_1, decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight, decoder.0.relative_bias.weight, false",
        "t5-v1_1, encoder.block.1.layer.0.layer_norm.weight, encoder.1.attention_norm.scale, false",
        "t5-v1_1, encoder.block.1.layer.1.DenseReluDense.wi_0.weight, encoder.1.gate.weight, true",
        "t5-v1_1, encoder.block.1.layer.1.DenseReluDense.wi_1.weight, encoder.1.intermediate.weight, true",
        "t5-v1_1, encoder.block.1.layer.1.DenseReluDense.wo.weight, encoder.1.output.weight, true",
        "t5-v1_1, encoder.block.1.layer.1.layer_norm.weight, encoder.1.output_norm.scale, false",
        "t5-v1_1, encoder.final_layer_norm.weight, encoder.final_norm.scale, false",
        "t5-v1_1, decoder.block.2.layer.0.SelfAttention.q.weight, decoder.2.query.weight, true",
        "t5-v1_1, decoder.block.2.layer.1.EncDecAttention.q.weight, decoder.2.cross_query.weight, true",
        "t5-v1_1, decoder.block.2.layer.1.EncDecAttention.k.weight, decoder.2.cross_key.weight, true",
        "t5-v1_1, decoder.block.2.layer.1.EncDecAttention.v.weight, decoder.2.cross_value.weight, true",
        "t5-v1_1, decoder.block.2.layer.1.EncDecAttention.o.weight, decoder.2.cross_attention_output.weight, true",
        "t5-v1_1, decoder.block.2.layer.1.layer_norm.weight, decoder.2.cross_attention_norm.scale, false",
        "t5-v1_1, decoder.block.2.layer.2.DenseReluDense.wi_0.weight, decoder.2.gate.weight, true",
        "t5-v1_1, decoder.block.2.layer.2.layer_norm.weight, decoder.2.output_norm.scale, false",
        "t5-v1_1, decoder.final_layer_norm.weight, decoder.final_norm.scale, false",
        "t5-v1_1, lm_head.weight, decoder.head.weight, true",
        "t5-v1_0, encoder.block.1.layer.1.DenseReluDense.wi.weight, encoder.1.intermediate.weight, true",
        "t5-v1_0, decoder.block.2.layer.2.DenseReluDense.wo.weight, decoder.2.output.weight, true",
        "bert, bert.embeddings.word_embeddings.weight, encoder.tokens.weight, false",
        "bert, bert.embeddings.position_embeddings.weight, encoder.positions.weight, false",
        "bert, bert.embeddings.token_type_embeddings.weight, encoder.types.weight, false",
        "bert, bert.embeddings.LayerNorm.weight, encoder.embedding_norm.scale, false",
        "bert, bert.embeddings.LayerNorm.bias, encoder.embedding_norm.bias, false",
        "bert, bert.encoder.layer.1.attention.self.query.weight, encoder.1.query.weight, true",
        "bert, bert.encoder.layer.1.attention.self.key.bias, encoder.1.key.bias, false",
        "bert, bert.encoder.layer.1.attention.self.value.weight, encoder.1.value.weight, true",
        "bert, bert.encoder.layer.1.attention.output.dense.weight, encoder.1.attention_output.weight, true",
        "bert, bert.encoder.layer.1.attention.output.LayerNorm.weight, encoder.1.attention_norm.scale, false",
        "bert, bert.encoder.layer.1.intermediate.dense.weight, encoder.1.intermediate.weight, true",
        "bert, bert.encoder.layer.1.output.dense.weight, encoder.1.output.weight, true",
        "bert, bert.encoder.layer.1.output.LayerNorm.bias, encoder.1.output_norm.bias, false",
        "bert, cls.predictions.transform.dense.weight, mlm.transform.weight, true",
        "bert, cls.predictions.transform.dense.bias, mlm.transform.bias, false",
        "bert, cls.predictions.transform.LayerNorm.weight, mlm.transform_norm.scale, false",
        "bert, cls.predictions.transform.LayerNorm.bias, mlm.transform_norm.bias, false",
        "bert, cls.predictions.bias, mlm.head.bias, false",
        "roberta, roberta.encoder.layer.1.intermediate.dense.weight, encoder.1.intermediate.weight, true",
        "roberta, lm_head.dense.weight, mlm.transform.weight, true",
        "roberta, lm_head.layer_norm.weight, mlm.transform_norm.scale, false",
        "roberta, lm_head.bias, mlm.head.bias, false",
        "distilbert, distilbert.embeddings.word_embeddings.weight, encoder.tokens.weight, false",
        "distilbert, distilbert.transformer.layer.1.attention.q_lin.weight, encoder.1.query.weight, true",
        "distilbert, distilbert.transformer.layer.1.attention.k_lin.weight, encoder.1.key.weight, true",
        "distilbert, distilbert.transformer.layer.1.attention.v_lin.weight, encoder.1.value.weight, true",
        "distilbert, distilbert.transformer.layer.1.attention.out_lin.weight, encoder.1.attention_output.weight, true",
        "distilbert, distilbert.transformer.layer.1.sa_layer_norm.weight, encoder.1.attention_norm.scale, false",
        "distilbert, distilbert.transformer.layer.1.ffn.lin1.weight, encoder.1.intermediate.weight, true",
        "distilbert, distilbert.transformer.layer.1.ffn.lin2.weight, encoder.1.output.weight, true",
        "distilbert, distilbert.transformer.layer.1.output_layer_norm.weight, encoder.1.output_norm.scale, false",
        "distilbert, vocab_transform.weight, mlm.transform.weight, true",
        "distilbert, vocab_layer_norm.bias, mlm.transform_norm.bias, false",
        "distilbert, vocab_projector.bias, mlm.head.bias, false",
        "llama, model.embed_tokens.weight, decoder.tokens.weight, false",
        "llama, model.layers.1.self_attn.q_proj.weight, decoder.1.query.weight, true",
        "llama, model.layers.1.self_attn.k_proj.weight, decoder.1.key.weight, true",
        "llama, model.layers.1.self_attn.v_proj.weight, decoder.1.value.weight, true",
        "llama, model.layers.1.self_attn.o_proj.weight, decoder.1.attention_output.weight, true",
        "llama, model.layers.1.mlp.gate_proj.weight, decoder.1.gate.weight, true",
        "llama, model.layers.1.mlp.up_proj.weight, decoder.1.intermediate.weight, true",
        "llama, model.layers.1.mlp.down_proj.weight, decoder.1.output.weight, true",
        "llama, model.layers.1.input_layernorm.weight, decoder.1.attention_norm.scale, false",
        "llama, model.layers.1.post_attention_layernorm.weight, decoder.1.output_norm.scale, false",
        "llama, model.norm.weight, decoder.final_norm.scale, false",
        "llama, lm_head.weight, decoder.head.weight, true",
        "qwen2, model.layers.1.self_attn.q_proj.bias, decoder.1.query.bias, false",
        "qwen2, model.layers.1.self_attn.k_proj.bias, decoder.1.key.bias, false",
        "qwen2, model.layers.1.self_attn.v_proj.bias, decoder.1.value.bias, false"
    })
    void putsEachTensorUnderOurNameAndTurnsLinearMaps(String model, String foreign, String ours, boolean turned)
            throws IOException {
        Safetensors before = Safetensors.open(ModelFolders.of(model).resolve("model.safetensors"));
        Safetensors after = convert(ModelFolders.of(model), Precision.F32);
        long[] shape = before.shape(foreign);
        assertThat(after.shape(ours)).containsExactly(turned ? new long[] {shape[1], shape[0]} : shape);
        int rows = (int) shape[0];
        int columns = shape.length == 1 ? 1 : (int) shape[1];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int index = turned ? column * rows + row : row * columns + column;
                assertThat(after.bytes(ours).getFloat(4 * index))
                        .isEqualTo(before.bytes(foreign).getFloat(4 * (row * columns + column)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "bert", "roberta", "distilbert", "llama", "qwen2", "llama2c"})
    void usesEveryTensorOfAFolderOnce(String model) throws IOException {
        List<Safetensors.Entry> before = ModelFolders.entries(ModelFolders.of(model));
        Safetensors after = convert(ModelFolders.of(model), Precision.F32);
        assertThat(after.names()).hasSize(before.size());
        assertThat(HuggingFaceFolder.open(ModelFolders.of(model)).names())
                .containsExactlyInAnyOrderElementsOf(after.names());
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F16", "BF16"})
    void readsOtherNumberTypesAsFloat32(NumberType type) throws IOException {
        Safetensors whole = convert(ModelFolders.of("t5-v1_1"), Precision.F32);
        Path copy = copy("t5-v1_1", all(entry -> type == NumberType.F16 ? half(entry) : ModelFolders.as(type, entry)));
        Safetensors read = convert(copy, Precision.F32);
        double error = type == NumberType.F64 ? 0 : type == NumberType.F16 ? 0x1p-11 : 0x1p-8;
        for (String name : whole.names()) {
            assertThat(read.type(name)).isEqualTo("F32");
            assertClose(read.bytes(name), whole.bytes(name), error);
        }
    }

    @Test
    void keepsMatricesAndTablesInBrainFloatsWhereAskedFor() throws IOException {
        Path copy = copy("t5-v1_1", all(entry -> ModelFolders.as(NumberType.BF16, entry)));
        Safetensors narrow = convert(copy, Precision.BF16);
        Safetensors wide = convert(copy, Precision.F32);
        for (String name : wide.names()) {
            boolean vector = wide.shape(name).length == 1;
            assertThat(narrow.type(name)).as(name).isEqualTo(vector ? "F32" : "BF16");
            ByteBuffer bytes = narrow.bytes(name);
            for (int i = 0; i < wide.bytes(name).remaining() / 4; i++) {
                assertThat(narrow.numberType(name).get(bytes, i))
                        .isEqualTo(wide.bytes(name).getFloat(4 * i));
            }
        }
    }

    @Test
    void readsAFolderInShardsAsItReadsOneFile() throws IOException {
        Path shards = sharded("llama", 3);
        Path whole = folder.resolve("whole.safetensors");
        HuggingFaceFolder.open(ModelFolders.of("llama")).convert(whole, Precision.F32);
        Safetensors one = Safetensors.open(whole);
        Safetensors other = convert(shards, Precision.F32);
        assertThat(other.names()).containsExactlyInAnyOrderElementsOf(one.names());
        for (String name : one.names()) {
            assertThat(other.bytes(name)).as(name).isEqualTo(one.bytes(name));
        }
    }

    @Test
    void namesAllShardsAndTensorsThatAreMissing() throws IOException {
        Path shards = sharded("llama", 3);
        Files.delete(shards.resolve("model-00001-of-00003.safetensors"));
        Path second = shards.resolve("model-00002-of-00003.safetensors");
        Files.write(second, Arrays.copyOf(Files.readAllBytes(second), 3000));
        fails(
                shards,
                "The shards in %s are not whole. Maybe download them again.".formatted(shards),
                "model-00001-of-00003.safetensors: missing; model.safetensors.index.json lists it for 7 tensors",
                "model-00002-of-00003.safetensors is not a whole safetensors file",
                "ends at byte ");
    }

    @Test
    void namesATensorThatIsNotInItsShardOrInTwo() throws IOException {
        Path shards = sharded("llama", 2);
        Path first = shards.resolve("model-00001-of-00002.safetensors");
        Path second = shards.resolve("model-00002-of-00002.safetensors");
        List<Safetensors.Entry> moved = new ArrayList<>(ModelFolders.read(first));
        String lost = moved.get(0).name();
        moved.set(0, ModelFolders.read(second).get(0));
        Safetensors.write(first, moved);
        fails(
                shards,
                "%s: missing in model-00001-of-00002.safetensors, where model.safetensors.index.json says it is"
                        .formatted(lost),
                "%s: in model-00002-of-00002.safetensors and in another shard"
                        .formatted(moved.get(0).name()));
    }

    @Test
    void refusesAnIndexThatPointsElsewhere() throws IOException {
        Path shards = sharded("llama", 2);
        Path index = shards.resolve("model.safetensors.index.json");
        Files.writeString(index, Files.readString(index).replaceFirst("model-00001", "../model-00001"));
        fails(
                shards,
                "into \"../model-00001-of-00002.safetensors\", which is not the name of a safetensors file beside it");
        Files.writeString(index, "{\"metadata\":{}}");
        fails(shards, "model.safetensors.index.json has no weight_map");
        Files.writeString(index, "{");
        fails(shards, "model.safetensors.index.json is not good JSON");
    }

    @Test
    void saysWhatAFolderWithoutSafetensorsHas() throws IOException {
        Files.copy(ModelFolders.of("bert").resolve("config.json"), folder.resolve("config.json"));
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        fails(
                folder,
                "has neither model.safetensors nor model.safetensors.index.json; it has config.json, pytorch_model.bin. Maybe");
        fails(folder.resolve("nowhere"), "There is no folder %s.".formatted(folder.resolve("nowhere")));
    }

    @Test
    void namesTensorsThatAreMissingAddedOrOfAnotherShapeAtOnce() throws IOException {
        Path copy = copy("bert", entries -> {
            List<Safetensors.Entry> changed = new ArrayList<>(entries);
            changed.removeIf(entry -> entry.name().equals("bert.encoder.layer.1.output.dense.weight"));
            changed.replaceAll(entry -> entry.name().equals("bert.encoder.layer.0.intermediate.dense.weight")
                    ? reshaped(entry, 12, 20)
                    : entry);
            changed.add(renamed(entries.get(0), "bert.encoder.layer.2.output.LayerNorm.bias"));
            return changed;
        });
        fails(
                copy,
                "The weights in %s are not those of its configuration:".formatted(copy),
                "bert.encoder.layer.1.output.dense.weight [12, 20]: missing",
                "bert.encoder.layer.0.intermediate.dense.weight: expected [20, 12], found [12, 20]",
                "bert.encoder.layer.2.output.LayerNorm.bias [12]: not a part of this network");
    }

    @Test
    void saysThatTheTokenTableIsNotThatOfTheVocabulary() throws IOException {
        Path copy = folder.resolve("copy");
        ModelFolders.copy("qwen2", copy, root -> root.put("vocab_size", 48), entries -> entries);
        fails(
                copy,
                "model.embed_tokens.weight: expected [48, 16], found [47, 16]; its rows are the vocabulary. "
                        + "Maybe vocab_size is that of another model");
    }

    @Test
    void namesATensorOfATypeThatIsNotFloating() throws IOException {
        Path copy = copy(
                "llama", all(entry -> entry.name().endsWith("0.mlp.up_proj.weight") ? typed(entry, "I32") : entry));
        fails(
                copy,
                "model.layers.0.mlp.up_proj.weight: expected F32, F16, BF16 or F64, found I32. Maybe the model is quantised");
    }

    @Test
    void readsAnEncoderWithoutPrefixHeadAndPooler() throws IOException {
        Path copy = copy("bert", entries -> entries.stream()
                .filter(entry -> entry.name().startsWith("bert."))
                .map(entry -> renamed(entry, entry.name().substring("bert.".length())))
                .toList());
        assertThat(HuggingFaceFolder.open(copy).names())
                .contains("encoder.1.output.weight")
                .noneMatch(name -> name.startsWith("mlm."));
    }

    @Test
    void wantsTheMaskedLanguageHeadAsAWholeOrNotAtAll() throws IOException {
        Path copy = copy("roberta", entries -> entries.stream()
                .filter(entry -> !entry.name().equals("lm_head.layer_norm.bias"))
                .toList());
        fails(copy, "lm_head.layer_norm.bias [12]: missing");
    }

    @Test
    void readsTheNamesOfTheFirstCheckpointsAndPassesOverWhatIsOfNoUse() throws IOException {
        Path copy = copy("bert", entries -> {
            List<Safetensors.Entry> old = new ArrayList<>();
            entries.forEach(entry -> old.add(renamed(
                    entry,
                    entry.name()
                            .replace("LayerNorm.weight", "LayerNorm.gamma")
                            .replace("LayerNorm.bias", "LayerNorm.beta"))));
            old.add(renamed(
                    named("bert.embeddings.word_embeddings.weight", entries), "cls.predictions.decoder.weight"));
            old.add(renamed(entries.get(0), "bert.pooler.dense.bias"));
            old.add(renamed(entries.get(0), "cls.seq_relationship.bias"));
            old.add(typed(renamed(entries.get(0), "bert.embeddings.position_ids"), "I32"));
            return old;
        });
        assertThat(convert(copy, Precision.F32).names())
                .hasSize(ModelFolders.entries(ModelFolders.of("bert")).size())
                .contains("encoder.1.attention_norm.scale", "encoder.1.attention_norm.bias");
    }

    @Test
    void takesTheOutputMatrixOfTheFileWhereItIsNotTheTokenTable() throws IOException {
        Path copy = folder.resolve("copy");
        ModelFolders.copy("t5-v1_1", copy, root -> root.put("tie_word_embeddings", true), entries -> entries);
        HuggingFaceFolder own = HuggingFaceFolder.open(copy);
        assertThat(own.config().tied()).isFalse();
        assertThat(own.names()).contains("decoder.head.weight");
    }

    @Test
    void takesTheTokenTableWhereTheOutputMatrixIsACopyOfIt() throws IOException {
        Path copy = copy("qwen2", entries -> {
            List<Safetensors.Entry> more = new ArrayList<>(entries);
            more.add(renamed(named("model.embed_tokens.weight", entries), "lm_head.weight"));
            return more;
        });
        HuggingFaceFolder tied = HuggingFaceFolder.open(copy);
        assertThat(tied.config().tied()).isTrue();
        assertThat(tied.names()).doesNotContain("decoder.head.weight");
    }

    @Test
    void refusesAMaskedLanguageHeadWithAnotherOutputMatrix() throws IOException {
        Path copy = copy("distilbert", entries -> {
            List<Safetensors.Entry> more = new ArrayList<>(entries);
            Safetensors.Entry tokens = named("distilbert.embeddings.word_embeddings.weight", entries);
            ByteBuffer other = ByteBuffer.allocate(tokens.bytes().remaining());
            more.add(new Safetensors.Entry("vocab_projector.weight", "F32", tokens.shape(), other));
            return more;
        });
        fails(
                copy,
                "A masked-language head of distilbert with an output matrix other than the token table is not read.");
    }

    @Test
    void hasAnIdentityThatFollowsFromConfigurationAndWeights() throws IOException {
        String identity = HuggingFaceFolder.open(ModelFolders.of("llama")).identity();
        assertThat(identity).matches("[0-9a-f]{64}");
        Path same = folder.resolve("same");
        Files.createDirectories(same);
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(ModelFolders.of("llama").resolve(file), same.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(HuggingFaceFolder.open(same).identity()).isEqualTo(identity);
        Files.writeString(same.resolve("config.json"), Files.readString(same.resolve("config.json")) + " ");
        assertThat(HuggingFaceFolder.open(same).identity()).isNotEqualTo(identity);
    }

    private Safetensors convert(Path from, Precision precision) throws IOException {
        Path target = folder.resolve("%s-%s.safetensors".formatted(from.getFileName(), precision));
        HuggingFaceFolder.open(from).convert(target, precision);
        return Safetensors.open(target);
    }

    private Path copy(String model, UnaryOperator<List<Safetensors.Entry>> change) throws IOException {
        return ModelFolders.copy(model, folder.resolve("copy"), root -> {}, change);
    }

    /** A copy in so many shards, the tensors dealt out in turn. */
    private Path sharded(String model, int shards) throws IOException {
        Path target = folder.resolve("sharded");
        Files.createDirectories(target);
        ModelFolders.config(model, target, root -> {});
        ObjectNode map = JSON.createObjectNode();
        List<Safetensors.Entry> all = ModelFolders.entries(ModelFolders.of(model));
        for (int shard = 0; shard < shards; shard++) {
            String file = "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
            List<Safetensors.Entry> some = new ArrayList<>();
            for (int i = shard; i < all.size(); i += shards) {
                some.add(all.get(i));
                map.put(all.get(i).name(), file);
            }
            Safetensors.write(target.resolve(file), some);
        }
        JSON.writeValue(target.resolve("model.safetensors.index.json").toFile(), Map.of("weight_map", map));
        return target;
    }

    private static UnaryOperator<List<Safetensors.Entry>> all(UnaryOperator<Safetensors.Entry> change) {
        return entries -> entries.stream().map(change).toList();
    }

    private static Safetensors.Entry named(String name, List<Safetensors.Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Safetensors.Entry renamed(Safetensors.Entry entry, String name) {
        return new Safetensors.Entry(name, entry.type(), entry.shape(), entry.bytes());
    }

    private static Safetensors.Entry reshaped(Safetensors.Entry entry, long... shape) {
        return new Safetensors.Entry(entry.name(), entry.type(), shape, entry.bytes());
    }

    private static Safetensors.Entry typed(Safetensors.Entry entry, String type) {
        return new Safetensors.Entry(entry.name(), type, entry.shape(), entry.bytes());
    }

    /** Rounded to 10 bits of fraction; all numbers of these folders are normal in half precision or nearly so. */
    private static Safetensors.Entry half(Safetensors.Entry entry) {
        int size = entry.bytes().remaining() / 4;
        ByteBuffer bytes = ByteBuffer.allocate(2 * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            float value = entry.bytes().getFloat(4 * i);
            int exponent = Math.max(-14, Math.getExponent(value));
            long fraction = Math.round(Math.scalb((double) Math.abs(value), 10 - exponent));
            int bits = fraction < 1024 ? (int) fraction : (int) ((exponent + 14L) * 1024 + fraction);
            bytes.putShort(2 * i, (short) (bits | (value < 0 ? 0x8000 : 0)));
        }
        return new Safetensors.Entry(entry.name(), "F16", entry.shape(), bytes);
    }

    private static void assertClose(ByteBuffer found, ByteBuffer expected, double error) {
        for (int i = 0; i < expected.remaining() / 4; i++) {
            double value = expected.getFloat(4 * i);
            assertThat(Math.abs(found.getFloat(4 * i) - value))
                    .isLessThanOrEqualTo(error * Math.abs(value) + error * 1e-4);
        }
    }

    private static void fails(Path folder, String... parts) {
        assertThatThrownBy(() -> HuggingFaceFolder.open(folder))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessageContainingAll(parts);
    }
}
