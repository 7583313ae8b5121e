package dev.fewtune.workflow;

import dev.fewtune.workflow.Tree.Entry;
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

/**
 * Reads YAML 1.2 (core schema) into a {@link Tree}. Duplicate keys are problems; tags, more than one document, nesting
 * over 50 and aliases that grow beyond a size of 100,000 end the reading. An anchor exists only after its end, so nothing
 * can hold itself. An alias shares the tree of its anchor and counts with all of its size, so that whoever walks or copies
 * the whole tree meets no more than what was counted.
 */
final class TreeReader {
    static final int MAX_DEPTH = 50;
    static final int MAX_NODES = 100_000;

    private final Iterator<Event> events;
    private final Problems problems;
    private final Map<String, Tree> anchors = new HashMap<>();
    private long nodes;

    TreeReader(String text, Problems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(YamlReader.MAX_BYTES + 1)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
        this.problems = problems;
    }

    /**
     * The only document of the text.
     *
     * @throws Refused where it is out of bounds or says what the language does not know
     */
    Tree document() {
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
        bound(depth, at);
        if (event instanceof AliasEvent alias) {
            return alias(alias, at, depth);
        }
        Tree tree;
        if (event instanceof ScalarEvent scalar) {
            tree = Scalars.read(scalar, at);
            count(tree.size(), at);
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

    private static void bound(int depth, Mark at) {
        if (depth > MAX_DEPTH) {
            throw new Refused(at, "too-big", "the nesting is deeper than %d".formatted(MAX_DEPTH));
        }
    }

    private Tree alias(AliasEvent alias, Mark at, int depth) {
        Tree tree = anchors.get(alias.getAlias().getValue());
        if (tree == null) {
            throw new Refused(at, "yaml", "there is no finished anchor '&%s'".formatted(alias.getAlias()));
        }
        bound(depth + tree.depth() - 1, at);
        count(tree.size(), at);
        return tree;
    }

    private Tree sequence(Mark at, int depth) {
        count(1, at);
        List<Tree> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return Tree.Sequence.of(items, at);
    }

    private Tree mapping(Mark at, int depth) {
        count(1, at);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw new Refused(mark(event), "yaml", "a key must be a plain word");
            }
            count(Tree.weight(key.getValue()), mark(key));
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
                    at,
                    "too-big",
                    "with its aliases the YAML holds more than %,d keys and values, long texts counted by the hundred characters"
                            .formatted(MAX_NODES));
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

    static Mark mark(org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
