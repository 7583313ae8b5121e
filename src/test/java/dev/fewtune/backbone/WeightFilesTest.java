package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.graft.Weights;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.ByteArrayInputStream;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

class WeightFilesTest {
    private static final String TENSOR = "decoder.1.gate.weight";
    private static final Map<Class<? extends TFloating>, DataType> TYPES = Map.of(
            TFloat32.class, DataType.DT_FLOAT,
            TFloat64.class, DataType.DT_DOUBLE,
            TBfloat16.class, DataType.DT_BFLOAT16);

    @TempDir
    Path folder;

    @Test
    void convertsOnceHoweverManyAskAtTheSameTime() throws Exception {
        Counted network = new Counted(HuggingFaceFolder.open(ModelFolders.of("llama")));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Weights>> asks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                WeightFiles own = new WeightFiles(folder);
                asks.add(() -> own.of(network, "tiny", Precision.F32));
            }
            for (Future<Weights> weights : threads.invokeAll(asks)) {
                assertThat(weights.get().shape(TENSOR)).containsExactly(16, 28);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(network.conversions).hasValue(1);
    }

    @Test
    void opensWhatItHasAlreadyOpenedOnce() throws IOException {
        WeightFiles files = new WeightFiles(folder);
        HuggingFaceFolder network = HuggingFaceFolder.open(ModelFolders.of("llama"));
        assertThat(files.of(network, "tiny", Precision.F32)).isSameAs(files.of(network, "tiny", Precision.F32));
    }

    @Test
    void keepsBothPrecisionsSideBySide() throws IOException {
        WeightFiles files = new WeightFiles(folder);
        HuggingFaceFolder network = HuggingFaceFolder.open(ModelFolders.of("llama"));
        Weights wide = files.of(network, "tiny", Precision.F32);
        Weights narrow = files.of(network, "tiny", Precision.BF16);
        assertThat(folder.toFile().list())
                .contains(network.identity() + ".safetensors", network.identity() + "-bf16.safetensors");
        assertThat(narrow.row(TENSOR, 3)).isNotEqualTo(wide.row(TENSOR, 3)).hasSize(28);
    }

    @Test
    void givesTensorsOfEveryFloatingTypeSharedOrCopied() throws IOException {
        WeightFiles files = new WeightFiles(folder);
        HuggingFaceFolder network = HuggingFaceFolder.open(ModelFolders.of("llama"));
        for (Precision precision : Precision.values()) {
            Weights weights = files.of(network, "tiny", precision);
            double[] expected = new double[16 * 28];
            for (int row = 0; row < 16; row++) {
                System.arraycopy(weights.row(TENSOR, row), 0, expected, row * 28, 28);
            }
            for (var type : TYPES.keySet()) {
                for (boolean shared : new boolean[] {true, false}) {
                    try (Tensor tensor = weights.tensor(TENSOR, type, shared)) {
                        assertThat(tensor.dataType()).isEqualTo(TYPES.get(type));
                        assertThat(tensor.shape().asArray()).containsExactly(16, 28);
                        double error = type == TBfloat16.class ? 0x1p-8 : 0;
                        assertClose(values(tensor), expected, error);
                    }
                }
            }
        }
    }

    @Test
    void deletesWhatAKilledConversionHasLeft() throws IOException {
        HuggingFaceFolder network = HuggingFaceFolder.open(ModelFolders.of("llama"));
        Path left = folder.resolve(network.identity() + ".safetensors.99999999.part");
        Path other = folder.resolve("other.safetensors.99999999.part");
        Files.writeString(left, "half");
        Files.writeString(other, "half");
        new WeightFiles(folder).of(network, "tiny", Precision.F32);
        assertThat(left).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void leavesNothingWhereAConversionFails() throws IOException {
        Counted broken = new Counted(HuggingFaceFolder.open(ModelFolders.of("llama"))) {
            @Override
            public void convert(Path target, Precision precision) throws IOException {
                Files.writeString(folder.resolve("before"), "");
                throw new IOException("No space left on device");
            }
        };
        assertThatThrownBy(() -> new WeightFiles(folder).of(broken, "tiny", Precision.F32))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.RESOURCE))
                .hasMessage(
                        "The weights of tiny could not be put into the cache folder %s: No space left on device",
                        folder);
        assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".safetensors"));
    }

    @Test
    void blamesTheUsersFileWhereItIsBroken() {
        SavedBert broken = new SavedBert(
                new BertConfig("bert", 41, 12, 2, 3, 20, 18, 2, Activation.GELU, 1e-12, 0),
                "broken",
                () -> new ByteArrayInputStream(new byte[0]));
        assertThatThrownBy(() -> new WeightFiles(folder).of(broken, "tiny", Precision.F32))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessage("The weights of tiny cannot be read. broken has no variables/variables.index.");
    }

    @Test
    void saysWhichFileToDeleteWhereTheCacheIsDamaged() throws IOException {
        HuggingFaceFolder network = HuggingFaceFolder.open(ModelFolders.of("llama"));
        new WeightFiles(folder).of(network, "tiny", Precision.F32);
        Path file = folder.resolve(network.identity() + ".safetensors");
        Path cut = folder.resolve("cut");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(file), 5000));
        Files.move(cut, file, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> new WeightFiles(folder).of(network, "tiny", Precision.F32))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.RESOURCE))
                .hasMessageContaining("The converted weights of tiny were damaged")
                .hasMessageEndingWith("Maybe delete %s; it is made again.".formatted(file));
    }

    /** Read from the raw bytes, as a session would. */
    private static double[] values(Tensor tensor) {
        byte[] raw = new byte[Math.toIntExact(tensor.numBytes())];
        tensor.asRawTensor().data().read(raw);
        ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[Math.toIntExact(tensor.shape().size())];
        Arrays.setAll(values, i -> switch (tensor.dataType()) {
            case DT_DOUBLE -> bytes.getDouble(8 * i);
            case DT_FLOAT -> bytes.getFloat(4 * i);
            case DT_BFLOAT16 -> NumberType.BF16.get(bytes, i);
            default -> throw new AssertionError(tensor.dataType());
        });
        return values;
    }

    private static void assertClose(double[] found, double[] expected, double error) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(found[i] - expected[i])).isLessThanOrEqualTo(error * Math.abs(expected[i]));
        }
    }

    /** Counts how often it is converted. */
    private static class Counted implements Pretrained {
        final AtomicInteger conversions = new AtomicInteger();
        private final Pretrained network;

        Counted(Pretrained network) {
            this.network = network;
        }

        @Override
        public ModelConfig config() {
            return network.config();
        }

        @Override
        public String identity() throws IOException {
            return network.identity();
        }

        @Override
        public void convert(Path target, Precision precision) throws IOException {
            conversions.incrementAndGet();
            network.convert(target, precision);
        }
    }
}
