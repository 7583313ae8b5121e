package dev.fewtune.backbone;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** For every tensor that a network consists of the foreign one that holds it. */
final class Assembly {
    private final ForeignTensors tensors;
    private final Map<String, Piece> pieces;

    /** @param pieces by foreign name, in the order of the foreign tensors */
    private Assembly(ForeignTensors tensors, Map<String, Piece> pieces) {
        this.tensors = tensors;
        this.pieces = pieces;
    }

    /**
     * @param source where the tensors stand, for the reader of an error
     * @throws CellFailure with cause YOURS and all tensors that are missing, have a wrong shape or type, or fit nowhere
     */
    static Assembly of(String source, Inventory inventory, ForeignTensors tensors) {
        Faults faults = new Faults();
        Map<String, Piece> found = new TreeMap<>();
        List<Piece> missing = new ArrayList<>();
        for (Piece piece : inventory.pieces()) {
            String foreign = piece.foreign().stream()
                    .filter(tensors.names()::contains)
                    .findFirst()
                    .orElse(null);
            if (foreign == null) {
                missing.add(piece);
            } else {
                found.put(foreign, piece);
            }
        }
        requireWhole(missing, found, faults);
        Map<String, Piece> pieces = new LinkedHashMap<>();
        for (String foreign : tensors.names()) {
            if (found.containsKey(foreign)) {
                pieces.put(foreign, found.get(foreign));
                requireFit(foreign, found.get(foreign), tensors, faults);
            } else if (!inventory.unused().matcher(foreign).matches()) {
                faults.add("%s %s: not a part of this network", foreign, Arrays.toString(tensors.shape(foreign)));
            }
        }
        faults.throwAsYours("The weights in %s are not those of its configuration:", source);
        return new Assembly(tensors, pieces);
    }

    /** Our names of what is there. */
    Set<String> names() {
        return pieces.values().stream().map(Piece::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Writes all pieces as one aligned safetensors file, one after the other. */
    void write(Path target, Precision precision) throws IOException {
        List<Conversion> conversions = new ArrayList<>();
        pieces.forEach((foreign, piece) ->
                conversions.add(new Conversion(piece, foreign, tensors, precision.of(piece.shape().length))));
        new SafetensorsWriter(conversions, Map.of()).write(target);
    }

    /** What has no part must be there; a part must be there as a whole or not at all. */
    private static void requireWhole(List<Piece> missing, Map<String, Piece> found, Faults faults) {
        Set<String> begun = found.values().stream().map(Piece::part).collect(Collectors.toSet());
        for (Piece piece : missing) {
            if (piece.part().isEmpty() || begun.contains(piece.part())) {
                faults.add("%s %s: missing", piece.foreign().get(0), Arrays.toString(piece.foreignShape()));
            }
        }
    }

    private static void requireFit(String foreign, Piece piece, ForeignTensors tensors, Faults faults) {
        long[] shape = tensors.shape(foreign);
        if (!Arrays.equals(shape, piece.foreignShape())) {
            boolean rows = piece.name().endsWith(".tokens.weight") && shape.length == 2 && shape[0] != piece.shape()[0];
            faults.add(
                    "%s: expected %s, found %s%s",
                    foreign,
                    Arrays.toString(piece.foreignShape()),
                    Arrays.toString(shape),
                    rows ? "; its rows are the vocabulary. Maybe vocab_size is that of another model" : "");
        }
        if (!tensors.type(foreign).isFloating()) {
            faults.add(
                    "%s: expected F32, F16, BF16 or F64, found %s. Maybe the model is quantised",
                    foreign, tensors.type(foreign));
        }
    }
}
