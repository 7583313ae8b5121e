package dev.fewtune.wiring;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** All settings under {@code fewtune.}; an unknown one is an error. */
@ConfigMapping(prefix = "fewtune")
public interface FewtuneConfig {
    /** FEWTUNE_HOME: the folder with the database file, artifacts and caches. One process owns it. */
    Path home();

    /** FEWTUNE_ROLE: all, web or worker. */
    Role role();

    /** FEWTUNE_CACHE_DIR: converted weights and unpacked native libraries; may be shared by processes of one machine. */
    Path cacheDir();

    /**
     * FEWTUNE_STATES_MEGABYTES: what states of layers that do not train may take of the disk, in the cache folder; 0 to keep
     * none.
     */
    int statesMegabytes();

    /** FEWTUNE_ARTIFACTS_DIR: the store of step outputs; shared by all processes of one database. */
    Path artifactsDir();

    /** FEWTUNE_LIGHT_SLOTS: cells without TensorFlow at once, at most 1024; 0 stands for the number of cores. */
    int lightSlots();

    /** FEWTUNE_DEVICE_SLOTS: trainings at once, from 1 to 1024; one per GPU, or one on a machine without. */
    int deviceSlots();

    /** FEWTUNE_HOST: the address that the server listens on. */
    String host();

    /** FEWTUNE_TOKEN: bearer token of the API and the pages; needed on any address but loopback. */
    Optional<String> token();

    /** FEWTUNE_AUTH: token, or none to serve any address without one. */
    Auth auth();

    /** How models of the Hugging Face Hub are fetched. */
    Hub hub();

    /** The Hugging Face Hub. */
    interface Hub {
        /** FEWTUNE_HUB_CACHE_DIR: folder of fetched models; may be shared by processes and machines. */
        Path cacheDir();

        /** FEWTUNE_HUB_ENDPOINT or HF_ENDPOINT: address of the Hub or a mirror; https://huggingface.co by default. */
        Optional<String> endpoint();

        /** FEWTUNE_HUB_TOKEN or HF_TOKEN: for private models; sent to the endpoint alone. */
        Optional<String> token();

        /** FEWTUNE_HUB_OFFLINE or HF_HUB_OFFLINE: 1, on, yes or true to do with what the cache folder has. */
        Optional<String> offline();
    }

    /** FEWTUNE_DATA_ROOTS: folders that workflows sent over HTTP may read, separated by commas. */
    Data data();

    /** What is kept, and how long. */
    Logs logs();

    interface Logs {
        /** FEWTUNE_LOGS_KEEP_DAYS: how long log lines stay after the end of their run, at least 1. */
        int keepDays();
    }

    /** Where workflows sent over HTTP may read. */
    interface Data {
        Optional<java.util.List<Path>> roots();
    }

    /** NONE serves everybody who can reach the address. */
    enum Auth {
        TOKEN,
        NONE
    }

    enum Role {
        ALL,
        WEB,
        WORKER
    }
}
