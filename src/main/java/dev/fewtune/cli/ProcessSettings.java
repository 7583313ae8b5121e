package dev.fewtune.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Settings of the process that libraries read at their start, made here so that nobody has to type them. */
final class ProcessSettings {
    /** The C library's environment, which native TensorFlow reads; Java's own copy does not reach it. */
    interface CLibrary extends Library {
        int setenv(String name, String value, int overwrite);

        int isatty(int descriptor);
    }

    /** It logs before logging is set up, so that its lines would stand before the sentence on a wrong setting. */
    private static Logger hibernate;

    private ProcessSettings() {}

    static void apply() {
        preset("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        preset("org.bytedeco.javacpp.maxBytes", "0");
        preset("OPT_OUT_TRACKING", "true");
        Path home = home();
        System.setProperty("fewtune.home", home.toString());
        Path cache = Path.of(System.getenv()
                        .getOrDefault("FEWTUNE_CACHE_DIR", home.resolve("cache").toString()))
                .toAbsolutePath();
        preset("org.bytedeco.javacpp.cachedir", cache.resolve("javacpp").toString());
        preset("DJL_CACHE_DIR", cache.resolve("djl").toString());
        preset("ENGINE_CACHE_DIR", cache.resolve("djl").toString());
        preset("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        hibernate = Logger.getLogger("org.hibernate");
        hibernate.setLevel(Level.WARNING);
        presetForTensorFlow("TF_CPP_MIN_LOG_LEVEL", "2");
        // TensorFlow turns these kernels on by itself only where the processor has AVX-512; they are faster without,
        // too.
        presetForTensorFlow("TF_ENABLE_ONEDNN_OPTS", "1");
    }

    /** The home folder, absolute, because H2 refuses a database file that depends on the working directory. */
    static Path home() {
        String named = System.getProperty("fewtune.home", System.getenv().getOrDefault("FEWTUNE_HOME", "data"));
        return Path.of(named).toAbsolutePath().normalize();
    }

    /** Whether standard error is a terminal; Java itself can only tell it of standard input and output together. */
    static boolean standardErrorIsTerminal() {
        try {
            return Native.load("c", CLibrary.class).isatty(2) == 1;
        } catch (UnsatisfiedLinkError noSuchLibrary) {
            return System.console() != null;
        }
    }

    private static void preset(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    private static void presetForTensorFlow(String name, String value) {
        try {
            Native.load("c", CLibrary.class).setenv(name, value, 0);
        } catch (UnsatisfiedLinkError noSuchLibrary) {
            // It works without: the log is louder, and some steps are slower.
            return;
        }
    }
}
