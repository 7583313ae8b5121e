package dev.fewtune.hub;

import dev.fewtune.spec.CellFailure;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a workflow calls a model. */
public sealed interface ModelId {
    /** The spelling that {@link #parse} takes. */
    String text();

    /** What one of three functions gives, by the variant. */
    <T> T match(Function<BuiltIn, T> builtIn, Function<Folder, T> folder, Function<Hub, T> hub);

    /**
     * Reads {@code name}, a path, {@code hf:org/name} or {@code hf:org/name@revision}. A path is what has a slash in it;
     * the current folder is {@code .}.
     *
     * @param base what a relative path begins at
     * @throws CellFailure with cause YOURS where the text is none of them
     */
    static ModelId parse(String text, Path base) {
        String id = text.strip();
        if (id.isEmpty()) {
            throw CellFailure.yours(
                    "The model is empty. Maybe name a built-in one, a folder such as ./model, or hf:org/name.");
        }
        if (id.startsWith(Hub.PREFIX)) {
            return Hub.parse(id);
        }
        if (id.contains("://")) {
            throw CellFailure.yours("The model (%s) must not be an address.%s", id, instead(id));
        }
        if (id.contains("/") || id.contains("\\") || id.equals(".") || id.equals("..")) {
            return folder(id, base);
        }
        return new BuiltIn(id);
    }

    /** A model that is part of Fewtune or of its build. */
    record BuiltIn(String name) implements ModelId {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

        public BuiltIn {
            if (!NAME.matcher(name).matches()) {
                throw CellFailure.yours(
                        "The model (%s) must be a name of letters, digits and . _ -, a path, or hf:org/name. "
                                + "Maybe a folder needs ./ before it, and a model of the Hub hf: in small letters.",
                        name);
            }
        }

        @Override
        public String text() {
            return name;
        }

        @Override
        public <T> T match(Function<BuiltIn, T> builtIn, Function<Folder, T> folder, Function<Hub, T> hub) {
            return builtIn.apply(this);
        }
    }

    /** A folder as Transformers saves a model. */
    record Folder(Path path) implements ModelId {
        @Override
        public String text() {
            return path.toString();
        }

        @Override
        public <T> T match(Function<BuiltIn, T> builtIn, Function<Folder, T> folder, Function<Hub, T> hub) {
            return folder.apply(this);
        }
    }

    /**
     * A revision of a repository on the Hub.
     *
     * @param revision branch, tag or commit
     */
    record Hub(String org, String name, String revision) implements ModelId {
        private static final String PREFIX = "hf:";
        private static final String MAIN = "main";
        private static final Pattern PART = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");
        private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/+@=-]{0,79}");
        private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

        public Hub {
            part("organisation", org);
            part("name", name);
            if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
                throw CellFailure.yours(
                        "The revision (%s) of %s%s/%s must be a branch, a tag or a commit of at most 80 characters. "
                                + "Maybe leave out the @ to take %s.",
                        revision, PREFIX, org, name, MAIN);
            }
        }

        @Override
        public String text() {
            return PREFIX + org + "/" + name + "@" + revision;
        }

        @Override
        public <T> T match(Function<BuiltIn, T> builtIn, Function<Folder, T> folder, Function<Hub, T> hub) {
            return hub.apply(this);
        }

        /** The same repository at another revision. */
        public Hub at(String other) {
            return new Hub(org, name, other);
        }

        /** Whether the revision can never mean another content. */
        boolean isPinned() {
            return isCommit(revision);
        }

        static boolean isCommit(String text) {
            return COMMIT.matcher(text).matches();
        }

        private static Hub parse(String id) {
            String[] repository = id.substring(PREFIX.length()).split("@", 2);
            String[] parts = repository[0].split("/", -1);
            if (parts.length != 2) {
                throw CellFailure.yours(
                        "The model (%s) must have the form %sorg/name or %sorg/name@revision. "
                                + "Maybe look up its organisation on the model's page.",
                        id, PREFIX, PREFIX);
            }
            return new Hub(parts[0], parts[1], repository.length == 1 ? MAIN : repository[1]);
        }

        private static void part(String role, String text) {
            if (!PART.matcher(text).matches() || text.contains("..") || text.contains("--")) {
                throw CellFailure.yours(
                        "The %s (%s) of a model on the Hub must have 1 to 96 letters, digits and . _ -, "
                                + "begin and end with a letter or digit, and be without -- and ..",
                        role, text);
            }
        }
    }

    private static Folder folder(String id, Path base) {
        try {
            return new Folder(base.resolve(id).normalize());
        } catch (InvalidPathException e) {
            throw CellFailure.yours("The model (%s) is no path that this machine can have: %s.", id, e.getReason());
        }
    }

    /** The id that somebody may have meant who wrote the address of a model's page. */
    private static String instead(String address) {
        try {
            String[] parts = URI.create(address).getPath().substring(1).split("/");
            return parts.length < 2 ? "" : " Maybe %s%s/%s.".formatted(Hub.PREFIX, parts[0], parts[1]);
        } catch (RuntimeException noAddress) {
            return "";
        }
    }
}
