package dev.fewtune.wiring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The settings of {@link FewtuneConfig} by the names of their environment variables. */
public final class Environment {
    private static final String PREFIX = "FEWTUNE_";
    /** What Kubernetes tells every container of a service that is called fewtune. */
    private static final Pattern SERVICE = Pattern.compile("FEWTUNE_(.*_)?SERVICE_(HOST|PORT(_.*)?)");

    private static final Pattern LINK = Pattern.compile("FEWTUNE_(.*_)?PORT(_\\d+_(TCP|UDP)(_.*)?)?");
    private static final Pattern LINKED = Pattern.compile("(tcp|udp)(://.*)?|\\d+|[\\d.:a-f]+");

    private Environment() {}

    /** Such as FEWTUNE_HOME, sorted. */
    public static Set<String> names() {
        return names(FewtuneConfig.class, PREFIX);
    }

    /**
     * What is wrong with the variables of a process: SmallRye checks the names of properties, but not those of variables.
     */
    static Optional<String> problem(Map<String, String> variables) {
        Set<String> known = names();
        List<String> unknown = variables.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX))
                .filter(variable -> !known.contains(variable.getKey()))
                .filter(variable -> !isOfKubernetes(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "There is no setting %s. Maybe one of %s.".formatted(unknown.get(0), String.join(", ", known)));
    }

    private static Set<String> names(Class<?> mapping, String prefix) {
        Set<String> names = new TreeSet<>();
        for (Method setting : mapping.getMethods()) {
            String name =
                    prefix + setting.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            Class<?> type = setting.getReturnType();
            if (type.isInterface() && type.getEnclosingClass() == FewtuneConfig.class) {
                names.addAll(names(type, name + "_"));
            } else {
                names.add(name);
            }
        }
        return names;
    }

    private static boolean isOfKubernetes(String name, String value) {
        return SERVICE.matcher(name).matches()
                || (LINK.matcher(name).matches() && LINKED.matcher(value).matches());
    }
}
