package dev.fewtune.web;

import dev.fewtune.run.CellView;

/** Attempts that an address names. */
final class Attempts {
    private Attempts() {}

    /** @param asked or null for the latest */
    static int of(CellView cell, Integer asked) {
        if (asked == null) {
            return cell.attempt();
        }
        if (asked < 1 || asked > cell.attempt()) {
            throw Refused.notFound(
                    "%s has no attempt %d; its latest is %d.".formatted(cell.key(), asked, cell.attempt()));
        }
        return asked;
    }
}
