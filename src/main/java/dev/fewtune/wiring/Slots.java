package dev.fewtune.wiring;

import dev.fewtune.spec.Pool;

/**
 * Cells at once by pool.
 *
 * @param device 0 only where no cells run
 */
record Slots(int light, int device) {
    private static final int MOST = 1024;

    /** @throws IllegalArgumentException with a sentence for a number that cannot be meant */
    static Slots of(FewtuneConfig config, int cores) {
        check("FEWTUNE_LIGHT_SLOTS", config.lightSlots(), 0, "0 stands for the number of cores");
        if (config.role() == FewtuneConfig.Role.WEB) {
            return new Slots(0, 0);
        }
        check("FEWTUNE_DEVICE_SLOTS", config.deviceSlots(), 1, "FEWTUNE_ROLE=web for a process that runs no cells");
        return new Slots(config.lightSlots() > 0 ? config.lightSlots() : cores, config.deviceSlots());
    }

    int of(Pool pool) {
        return pool == Pool.DEVICE ? device : light;
    }

    private static void check(String name, int value, int least, String maybe) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "%s (%s) must lie in [%s, %s]. Maybe %s.".formatted(name, value, least, MOST, maybe));
        }
    }
}
