package dev.fewtune.workflow;

import dev.fewtune.workflow.Tree.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 (core schema) into a {@link Tree}. Duplicate keys, tags, more than one document, texts over 1 MiB,
 * nesting over 50 and aliases that grow beyond 100,000 nodes are problems. An anchor exists only after its end, so
 * nothing can hold itself.
 */
final class TreeReader {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 50;
    static final int MAX_NODES = 100_000;

    private final Problems problems;
    private final Map<String, Tree> anchors = new HashMap<>();
    private Iterator<Event> events;
    private long nodes;

    private TreeReader(Problems problems) {
        this.problems = problems;
    }

    /** The tree, or empty where the text is not YAML within the bounds; then a problem says why. */
    static Optional<Tree> read(String text, Source source, Problems problems) {
        if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            problems.add(Mark.START, "too-big", "the text is larger than 1 MiB (1,048,576 bytes)");
            return Optional.empty();
        }
        try {
            return Optional.of(new TreeReader(problems).document(text));
        } catch (Refused refused) {
            problems.add(refused.at, refused.code, refused.getMessage());
        } catch (MarkedYamlEngineException broken) {
            Mark at = broken.getProblemMark().map(TreeReader::mark).orElse(Mark.START);
            problems.add(at, "yaml", "broken YAML: " + broken.getProblem(), advice(source, at));
        } catch (YamlEngineException broken) {
            problems.add(
                    Mark.START,
                    "yaml",
                    "broken YAML: " + broken.getMessage().lines().findFirst().orElse(""));
        }
        return Optional.empty();
    }

    private static String advice(Source source, Mark at) {
        String line = at.line() <= source.lines().size() ? source.lines().get(at.line() - 1) : "";
        if (line.contains("${{")) {
            return "put the expression in quotes: \"${{ … }}\"";
        }
        return line.contains("\t") ? "indent with spaces, not with tabs" : "";
    }

    private Tree document(String text) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MAX_BYTES + 1).build();
        events = new Parse(settings).parseString(text).iterator();
        events.next();
        if (!(events.next() instanceof DocumentStartEvent)) {
            throw new Refused(Mark.START, "yaml", "the workflow is empty");
        }
        Tree tree = node(events.next(), 0);
        events.next();
        Event end = events.next();
        if (end instanceof DocumentStartEvent) {
            throw new Refused(mark(end), "yaml", "a workflow is one YAML document; here starts a second one");
        }
        return tree;
    }

    private Tree node(Event event, int depth) {
        Mark at = mark(event);
        if (depth > MAX_DEPTH) {
            throw new Refused(at, "too-big", "the nesting is deeper than %d".formatted(MAX_DEPTH));
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias, at);
        }
        count(1, at);
        Tree tree;
        if (event instanceof ScalarEvent scalar) {
            tree = Scalars.read(scalar, at);
        } else if (event instanceof SequenceStartEvent start) {
            refuseTag(start.getTag(), at);
            tree = sequence(at, depth);
        } else {
            refuseTag(((MappingStartEvent) event).getTag(), at);
            tree = mapping(at, depth);
        }
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), tree));
        return tree;
    }

    private Tree alias(AliasEvent alias, Mark at) {
        Tree tree = anchors.get(alias.getAlias().getValue());
        if (tree == null) {
            throw new Refused(at, "yaml", "there is no finished anchor '&%s'".formatted(alias.getAlias()));
        }
        count(tree.size(), at);
        return tree;
    }

    private Tree sequence(Mark at, int depth) {
        List<Tree> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return Tree.Sequence.of(items, at);
    }

    private Tree mapping(Mark at, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw new Refused(mark(event), "yaml", "a key must be a plain word");
            }
            Entry entry = new Entry(mark(key), node(events.next(), depth + 1));
            Entry first = entries.putIfAbsent(key.getValue(), entry);
            if (first != null) {
                problems.add(
                        entry.key(),
                        "duplicate-key",
                        "the key '%s' stands twice; first in line %d"
                                .formatted(key.getValue(), first.key().line()));
            }
        }
        return Tree.Mapping.of(entries, at);
    }

    private void count(long more, Mark at) {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw new Refused(
                    at, "too-big", "with its aliases the YAML holds more than %,d values".formatted(MAX_NODES));
        }
    }

    static void refuseTag(Optional<String> tag, Mark at) {
        tag.filter(name -> !name.equals("!")).ifPresent(name -> {
            throw new Refused(at, "yaml", "the tag '%s' is not part of the language".formatted(name));
        });
    }

    private static Mark mark(Event event) {
        return event.getStartMark().map(TreeReader::mark).orElse(Mark.START);
    }

    private static Mark mark(org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Ends the reading with one problem. */
    static final class Refused extends RuntimeException {
        private final transient Mark at;
        private final String code;

        Refused(Mark at, String code, String message) {
            super(message);
            this.at = at;
            this.code = code;
        }
    }
}
