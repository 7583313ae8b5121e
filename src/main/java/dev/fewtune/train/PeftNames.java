package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The modules of a network: their paths in Transformers by our joints, and the other way round. A joint here is the name of
 * a tensor without its last word, such as {@code encoder.3.query}.
 */
final class PeftNames {
    private static final Pattern KIND = Pattern.compile("\\.(weight|scale|gamma)$");
    private static final Pattern NUMBER = Pattern.compile("^.*?\\.\\d+\\.");

    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, String> joints = new LinkedHashMap<>();

    PeftNames(Backbone backbone) {
        backbone.foreignNames().forEach((ours, foreign) -> {
            if (KIND.matcher(ours).find()) {
                String joint = KIND.matcher(ours).replaceFirst("");
                for (String name : foreign) {
                    String path = KIND.matcher(name).replaceFirst("");
                    paths.putIfAbsent(joint, path);
                    joints.putIfAbsent(path, joint);
                }
            }
        });
    }

    boolean areKnown() {
        return !paths.isEmpty();
    }

    Optional<String> path(String joint) {
        return Optional.ofNullable(paths.get(joint));
    }

    Optional<String> joint(String path) {
        return Optional.ofNullable(joints.get(path));
    }

    /** Ends of the paths of layers' modules, such as attention.self.query; what a network has to offer. */
    Set<String> ends() {
        return paths.values().stream()
                .filter(path -> NUMBER.matcher(path).find())
                .map(PeftNames::end)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What PEFT is to be told so that it finds just these modules: ends of paths, or whole paths where ends find more. */
    List<String> targets(Set<String> found) {
        Set<String> ends = found.stream().map(PeftNames::end).collect(Collectors.toCollection(LinkedHashSet::new));
        boolean more = joints.keySet().stream()
                .filter(path -> ends.stream().anyMatch(end -> path.equals(end) || path.endsWith("." + end)))
                .anyMatch(path -> !found.contains(path) && !found.contains(prefixed(path)));
        return List.copyOf(more ? found : ends);
    }

    private String prefixed(String path) {
        return joint(path).flatMap(this::path).orElse(path);
    }

    private static String end(String path) {
        Matcher matcher = NUMBER.matcher(path);
        return matcher.find() ? path.substring(matcher.end()) : path;
    }
}
