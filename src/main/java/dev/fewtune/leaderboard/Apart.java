package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What tells rows of one name apart: the axes of their matrix, and where these are equal too, the settings and learning
 * rates in which they differ.
 */
final class Apart {
    private static final String LEARNING_RATE = "lr";
    private static final String UNSAID = "default";

    private Apart() {}

    /** @param trainings the scores of each row */
    static List<Group> groups(List<List<Score>> trainings) {
        Map<Name, List<List<Score>>> byName =
                trainings.stream().collect(Collectors.groupingBy(Name::of, LinkedHashMap::new, Collectors.toList()));
        List<Group> groups = new ArrayList<>();
        byName.forEach((name, namesakes) -> {
            Map<String, Function<Score, String>> differing = differing(namesakes);
            for (List<Score> scores : namesakes) {
                Map<String, String> axes = new LinkedHashMap<>(name.axes());
                differing.forEach((setting, value) -> axes.putIfAbsent(setting, value.apply(scores.get(0))));
                groups.add(Group.of(scores, axes));
            }
        });
        return groups;
    }

    private static Map<String, Function<Score, String>> differing(List<List<Score>> namesakes) {
        Set<String> names = new LinkedHashSet<>();
        namesakes.forEach(scores -> names.addAll(scores.get(0).settings().keySet()));
        Map<String, Function<Score, String>> all = new LinkedHashMap<>();
        names.forEach(
                name -> all.put(name, score -> String.valueOf(score.settings().getOrDefault(name, UNSAID))));
        all.put(LEARNING_RATE, score -> Double.toString(score.learningRate()));
        all.values()
                .removeIf(value -> namesakes.stream()
                                .map(scores -> value.apply(scores.get(0)))
                                .distinct()
                                .count()
                        < 2);
        return all;
    }

    private record Name(String variant, Map<String, String> axes) {
        static Name of(List<Score> scores) {
            return new Name(scores.get(0).variant(), scores.get(0).axes());
        }
    }
}
