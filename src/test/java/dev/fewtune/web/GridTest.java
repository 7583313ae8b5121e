package dev.fewtune.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final Grid GRID = new Grid(
            "Weights",
            List.of("first", "a name that is much too long for it"),
            List.of("one", "two"),
            List.of(List.of(0.0, 1.0), List.of(0.5, 2.0)),
            0,
            1);

    @Test
    void shadesNumbersByTheirPlaceOnTheScale() {
        assertThat(GRID.boxes()).extracting(Grid.Box::shade).containsExactly("0.00", "0.85", "0.43", "0.85");
        assertThat(GRID.boxes()).extracting(Grid.Box::text).containsExactly("0.00", "1.00", "0.50", "2.00");
    }

    @Test
    void putsEachNumberUnderItsColumnAndBesideItsRow() {
        List<Grid.Box> boxes = GRID.boxes();
        assertThat(boxes.get(1).middle()).isEqualTo(GRID.heads().get(1).x());
        assertThat(boxes.get(2).base()).isEqualTo(GRID.sides().get(1).y());
        assertThat(boxes).allMatch(box -> box.x() + 46 <= GRID.width() && box.y() + 20 <= GRID.height());
    }

    @Test
    void cutsLongNames() {
        assertThat(GRID.sides().get(1).text()).hasSize(22).endsWith("…");
    }
}
