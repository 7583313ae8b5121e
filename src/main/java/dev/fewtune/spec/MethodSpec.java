package dev.fewtune.spec;

import java.util.List;
import java.util.Locale;

/**
 * What is known about a method before it runs.
 *
 * @param name the identifier in YAML, such as {@code lora}
 * @param idea what it does, in one line
 * @param trains what learns, in one line; the head of a task aside
 * @param citation authors, title, venue, and where the formula comes from
 * @param url the paper
 * @param learningRate the learning rates where a workflow gives none
 * @param startsAtBase whether the network computes the pretrained function before the first step
 * @param fold what remains of it after the training
 * @param memory what a training must keep beside the pretrained weights, in one line
 * @param settings the method's own settings
 * @param needs step kinds of which one must have learned something for it; empty where it needs none
 */
public record MethodSpec(
        String name,
        String title,
        Family family,
        String idea,
        String trains,
        String citation,
        String url,
        Confidence confidence,
        Rates learningRate,
        boolean startsAtBase,
        Fold fold,
        String memory,
        List<Setting> settings,
        List<String> needs) {

    /** What kind of parameters learn. */
    public enum Family {
        /** All pretrained weights. */
        FULL,
        /** Some of the pretrained weights, or vectors beside them. */
        SELECTION,
        /** Small networks between or beside the layers. */
        ADAPTER,
        /** Updates of pretrained matrices in few numbers. */
        REPARAMETERISATION,
        /** Rows before the text or before keys and values. */
        SOFT_PROMPT,
        /** A small network beside the backbone. */
        SIDE_NETWORK,
        /** Several of these at once. */
        COMPOSITION;

        /** In words. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** How surely the method here is the one of the paper. */
    public enum Confidence {
        /** From the paper and its code or a second implementation. */
        CONFIRMED,
        /** Rebuilt where the paper leaves something open and there is no code to compare with. */
        RECONSTRUCTION
    }

    /** What a trained method becomes for use. */
    public enum Fold {
        /** It stays beside the network. */
        STAYS("It stays beside the network."),
        /** It goes into the pretrained weights and costs nothing. */
        MERGES("It can be merged into the pretrained weights."),
        /** It becomes a plain soft prompt or plain adapter of the same results. */
        COLLAPSES("It can be collapsed into a plain prompt or adapter.");

        private final String says;

        Fold(String says) {
            this.says = says;
        }

        /** A sentence for people. */
        public String says() {
            return says;
        }
    }

    public MethodSpec {
        settings = List.copyOf(settings);
        needs = List.copyOf(needs);
    }

    /** The first words of a spec: identifier and title. */
    public static Draft named(String name, String title) {
        return new Draft(name, title);
    }

    /** A spec whose parts are said by name; {@link #settings} ends it. */
    public static final class Draft {
        private final String name;
        private final String title;
        private Family family = Family.SELECTION;
        private String idea = "";
        private String trains = "";
        private String citation = "";
        private String url = "";
        private Confidence confidence = Confidence.CONFIRMED;
        private Rates rates = Rates.all(1e-3);
        private boolean startsAtBase;
        private Fold fold = Fold.STAYS;
        private String memory = "";
        private List<String> needs = List.of();

        private Draft(String name, String title) {
            this.name = name;
            this.title = title;
        }

        public Draft of(Family its) {
            family = its;
            return this;
        }

        public Draft idea(String line) {
            idea = line;
            return this;
        }

        public Draft trains(String line) {
            trains = line;
            return this;
        }

        public Draft cites(String paper, String where) {
            citation = paper;
            url = where;
            return this;
        }

        public Draft confidence(Confidence its) {
            confidence = its;
            return this;
        }

        public Draft learningRate(Rates its) {
            rates = its;
            return this;
        }

        public Draft startsAtBase() {
            startsAtBase = true;
            return this;
        }

        public Draft folds(Fold its) {
            fold = its;
            return this;
        }

        public Draft memory(String line) {
            memory = line;
            return this;
        }

        public Draft needs(String... kinds) {
            needs = List.of(kinds);
            return this;
        }

        public MethodSpec settings(Setting... settings) {
            return settings(List.of(settings));
        }

        public MethodSpec settings(List<Setting> settings) {
            return new MethodSpec(
                    name,
                    title,
                    family,
                    idea,
                    trains,
                    citation,
                    url,
                    confidence,
                    rates,
                    startsAtBase,
                    fold,
                    memory,
                    settings,
                    needs);
        }
    }
}
