package dev.fewtune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The walls between the rooms, as rules.
 *
 * @param root package that holds the rooms; another one in the fixtures that break the rules
 */
record Rooms(String root) {
    private static final Map<String, Set<String>> MAY_IMPORT = mayImport();

    static Set<String> names() {
        return MAY_IMPORT.keySet();
    }

    private static Map<String, Set<String>> mayImport() {
        Map<String, Set<String>> rooms = new TreeMap<>();
        rooms.put("spec", Set.of());
        rooms.put("workflow", Set.of("spec"));
        rooms.put("graft", Set.of("spec"));
        rooms.put("backbone", Set.of("graft", "spec"));
        rooms.put("method", Set.of("graft", "spec"));
        rooms.put("text", Set.of("spec"));
        rooms.put("task", Set.of("text", "spec"));
        rooms.put("corpus", Set.of("text", "spec"));
        rooms.put("train", Set.of("backbone", "method", "graft", "task", "text", "corpus", "spec"));
        rooms.put("artifact", Set.of());
        rooms.put("hub", Set.of("artifact", "spec"));
        rooms.put("leaderboard", Set.of("spec", "artifact", "db"));
        rooms.put(
                "step",
                Set.of("train", "text", "task", "corpus", "artifact", "leaderboard", "hub", "spec", "run", "workflow"));
        rooms.put("run", Set.of("workflow", "artifact", "spec", "db"));
        rooms.put("queue", Set.of("run", "db", "spec"));
        rooms.put("db", Set.of());
        rooms.put("web", Set.of("run", "step", "leaderboard", "workflow", "hub", "artifact", "spec"));
        rooms.put("cli", Set.of("run", "step", "leaderboard", "workflow", "hub", "artifact", "spec"));
        Set<String> all = new TreeSet<>(rooms.keySet());
        rooms.put("wiring", all);
        return rooms;
    }

    /** The room imports no room but those that the design allows it. */
    ArchRule imports(String room) {
        List<String> forbidden = new ArrayList<>(names());
        forbidden.removeAll(MAY_IMPORT.get(room));
        forbidden.remove(room);
        return noClasses()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(inside(forbidden))
                .because("the room %s may import %s only".formatted(room, MAY_IMPORT.get(room)))
                .allowEmptyShould(true);
    }

    /** Only the given rooms import a library. */
    ArchRule onlyImport(String library, String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(inside(List.of(rooms)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library + "..")
                .because("%s stays in %s".formatted(library, String.join(", ", rooms)))
                .allowEmptyShould(true);
    }

    /** The plain room works with the JDK, other rooms and the given libraries. */
    ArchRule isPlain(String room, String... libraries) {
        List<String> packages = new ArrayList<>(List.of("java..", root + ".."));
        Stream.of(libraries).map(library -> library + "..").forEach(packages::add);
        return classes()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages.toArray(String[]::new))
                .because("the room %s is plain Java".formatted(room))
                .allowEmptyShould(true);
    }

    ArchRule wiringIsImportedByNobody() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(inside("wiring"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(inside("wiring"))
                .because("beans are handed over, not looked up")
                .allowEmptyShould(true);
    }

    ArchRule haveNoCycles() {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);
    }

    ArchRule holdEveryClass() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(inside(names()))
                .because("a class outside the rooms escapes the rules")
                .allowEmptyShould(true);
    }

    /** Folders below {@code source} with Java files but without package-info.java. */
    static List<Path> withoutSign(Path source) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                    .sorted()
                    .toList();
        }
    }

    private String inside(String room) {
        return root + "." + room + "..";
    }

    private String[] inside(Collection<String> rooms) {
        return rooms.stream().map(this::inside).toArray(String[]::new);
    }
}
