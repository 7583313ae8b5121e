package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    Path folder;

    @Test
    void readsT5OfBothVersions() throws IOException {
        assertThat(ConfigFile.read(ModelFolders.of("t5-v1_0")))
                .isEqualTo(
                        new T5Config(37, 12, 5, 20, 2, 3, 3, 8, 16, Activation.RELU, false, true, true, 1e-6, 0, 1, 0));
        assertThat(ConfigFile.read(ModelFolders.of("t5-v1_1")))
                .isEqualTo(new T5Config(
                        37, 12, 5, 20, 2, 3, 3, 8, 16, Activation.GELU_TANH, true, false, false, 1e-6, 0, 1, 0));
    }

    @Test
    void readsBertAndItsKin() throws IOException {
        assertThat(ConfigFile.read(ModelFolders.of("bert")))
                .isEqualTo(new BertConfig("bert", 41, 12, 2, 3, 20, 18, 2, Activation.GELU, 1e-12, 0));
        BertConfig roberta = new BertConfig("roberta", 43, 12, 2, 4, 18, 20, 1, Activation.GELU, 1e-5, 1);
        assertThat(ConfigFile.read(ModelFolders.of("roberta"))).isEqualTo(roberta);
        assertThat(roberta.firstPosition()).isEqualTo(2);
        assertThat(ConfigFile.read(ModelFolders.of("distilbert")))
                .isEqualTo(new BertConfig("distilbert", 39, 12, 2, 2, 22, 16, 0, Activation.GELU, 1e-12, 0));
    }

    @Test
    void readsLlamaAndQwen2() throws IOException {
        assertThat(ConfigFile.read(ModelFolders.of("llama")))
                .isEqualTo(new LlamaConfig(
                        "llama",
                        45,
                        16,
                        2,
                        4,
                        2,
                        6,
                        28,
                        32,
                        new Rope(500, new Rope.Plain()),
                        1e-5,
                        false,
                        false,
                        false,
                        1,
                        List.of(2),
                        -1));
        assertThat(ConfigFile.read(ModelFolders.of("qwen2")))
                .isEqualTo(new LlamaConfig(
                        "qwen2",
                        47,
                        16,
                        2,
                        4,
                        2,
                        4,
                        24,
                        32,
                        new Rope(1_000_000, new Rope.Plain()),
                        1e-6,
                        true,
                        true,
                        false,
                        -1,
                        List.of(),
                        -1));
    }

    @Test
    void readsAnOldLlamaWithoutTheFieldsThatCameLater() throws IOException {
        LlamaConfig config = (LlamaConfig) read("llama", root -> {
            root.remove(List.of("head_dim", "num_key_value_heads", "rope_parameters", "attention_bias", "mlp_bias"));
            root.remove(List.of("tie_word_embeddings", "rms_norm_eps"));
            root.put("rope_theta", 20_000.0).putNull("rope_scaling");
            root.putArray("eos_token_id").add(5).add(6);
        });
        assertThat(config.headWidth()).isEqualTo(4);
        assertThat(config.keyValueHeads()).isEqualTo(4);
        assertThat(config.rope()).isEqualTo(new Rope(20_000, new Rope.Plain()));
        assertThat(config.tied()).isFalse();
        assertThat(config.ends()).containsExactly(5, 6);
    }

    @Test
    void readsWhetherT5ScalesApartFromWhetherItIsTied() throws IOException {
        T5Config config = (T5Config)
                read("t5-v1_1", root -> root.put("tie_word_embeddings", true).put("scale_decoder_outputs", false));
        assertThat(config.tied()).isTrue();
        assertThat(config.scaled()).isFalse();
    }

    @Test
    void takesTheEncodersDepthForADecoderWithoutOne() throws IOException {
        T5Config config = (T5Config) read(
                "t5-v1_0",
                root -> root.remove(
                        List.of("num_decoder_layers", "feed_forward_proj", "relative_attention_max_distance")));
        assertThat(config.decoderLayers()).isEqualTo(2);
        assertThat(config.activation()).isEqualTo(Activation.RELU);
        assertThat(config.maxDistance()).isEqualTo(128);
    }

    @ParameterizedTest
    @CsvSource({
        "relu, RELU, false",
        "gelu, GELU, false",
        "gated-gelu, GELU_TANH, true",
        "gated-silu, SILU, true",
        "gelu_new, GELU_TANH, false"
    })
    void readsTheFeedForwardOfT5(String projection, Activation activation, boolean gated) throws IOException {
        T5Config config = (T5Config) read("t5-v1_0", root -> root.put("feed_forward_proj", projection));
        assertThat(config.activation()).isEqualTo(activation);
        assertThat(config.gated()).isEqualTo(gated);
    }

    @Test
    void namesAllFieldsThatAreMissingOrWrongAtOnce() {
        fails(
                "llama",
                root -> {
                    root.remove("vocab_size");
                    root.put("num_hidden_layers", 0)
                            .put("intermediate_size", "28")
                            .put("rms_norm_eps", -1);
                    root.put("tie_word_embeddings", 1).put("hidden_act", "relu");
                },
                "config.json (model_type llama) cannot be used:",
                "vocab_size is missing; expected a positive whole number",
                "num_hidden_layers must be a positive whole number, and is 0",
                "intermediate_size must be a positive whole number, and is \"28\"",
                "rms_norm_eps must be a positive number, and is -1",
                "tie_word_embeddings must be true or false, and is 1",
                "hidden_act is \"relu\"; only silu is known");
    }

    @Test
    void namesAnUnknownArchitecture() {
        fails(
                "bert",
                root -> root.put("model_type", "gpt2"),
                "config.json: model_type is \"gpt2\"; known are bert, distilbert, llama, qwen2, roberta, t5.");
        fails("bert", root -> root.remove("model_type"), "model_type is null; known are bert");
        fails(
                "t5-v1_0",
                root -> root.putArray("architectures").add("T5EncoderModel"),
                "architectures is [\"T5EncoderModel\"]; known are T5ForConditionalGeneration, T5WithLMHeadModel");
    }

    @Test
    void refusesRotaryPositionsOfAnUnknownKind() {
        fails(
                "llama",
                root -> root.putObject("rope_scaling")
                        .put("type", "yarn")
                        .put("factor", 2)
                        .getClass(),
                root -> root.remove("rope_parameters"),
                "rope_scaling.type is \"yarn\"; known are default, linear, llama3");
        fails(
                "llama",
                root -> root.putObject("rope_parameters")
                        .put("rope_type", "llama3")
                        .put("factor", 0),
                "rope_parameters.factor must be a positive number, and is 0",
                "rope_parameters.low_freq_factor is missing",
                "rope_parameters.high_freq_factor is missing");
        fails("llama", root -> root.put("rope_parameters", 3), "rope_parameters must be an object, and is 3");
        fails("qwen2", root -> root.put("use_sliding_window", true), "use_sliding_window is true; only false is known");
    }

    @Test
    void refusesWhatTheGraphsDoNotCompute() {
        fails(
                "bert",
                root -> root.put("position_embedding_type", "relative_key")
                        .put("is_decoder", true)
                        .put("hidden_act", "mish")
                        .put("tie_word_embeddings", false),
                "position_embedding_type is \"relative_key\"; only absolute is known",
                "is_decoder is true; only false is known",
                "hidden_act is \"mish\"; known are gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish",
                "tie_word_embeddings is false; only true is known");
        fails("t5-v1_0", root -> root.put("feed_forward_proj", "double-gelu"), "feed_forward_proj is \"double-gelu\"");
        fails("llama", root -> root.put("mlp_bias", true), "mlp_bias is true; only false is known");
    }

    @Test
    void namesDimensionsThatDoNotDivide() {
        fails(
                "bert",
                root -> root.put("num_attention_heads", 5),
                "hidden_size (12) must be a multiple of num_attention_heads (5)");
        fails(
                "llama",
                root -> root.put("num_key_value_heads", 3),
                "num_attention_heads (4) must be a multiple of num_key_value_heads (3)");
        fails("llama", root -> root.put("head_dim", 5), "head_dim (5) must be even, for rotary positions");
        fails(
                "roberta",
                root -> root.put("max_position_embeddings", 2),
                "The 2 positions of roberta must be more than");
    }

    @Test
    void saysThatAFolderHasNoGoodConfiguration() throws IOException {
        assertThatThrownBy(() -> ConfigFile.read(folder))
                .isInstanceOf(CellFailure.class)
                .hasMessage("%s has no config.json. Maybe it is not the folder of a model.", folder);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":");
        assertThatThrownBy(() -> ConfigFile.read(folder))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("config.json is not good JSON: Unexpected end-of-input");
    }

    private ModelConfig read(String name, Consumer<ObjectNode> change) throws IOException {
        ModelFolders.config(name, folder, change);
        return ConfigFile.read(folder);
    }

    private void fails(String name, Consumer<ObjectNode> change, Consumer<ObjectNode> other, String... parts) {
        fails(name, change.andThen(other), parts);
    }

    private void fails(String name, Consumer<ObjectNode> change, String... parts) {
        assertThatThrownBy(() -> read(name, change))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessageContainingAll(parts);
    }
}
