"""What the inputs mean: hands, warm bodies, the edge, fire; each signal with its own patience."""

from wire import faults

YOUNG_MS = 300
"""A node that has just started cannot know yet that nobody is there."""


class Lasting:
    """A signal that counts as on once it has been on for `on_ms`, and off after `off_ms`."""

    def __init__(self, on_ms, off_ms):
        self.on = False
        self._on_ms = on_ms
        self._off_ms = off_ms
        self._differs_ms = 0

    def step(self, dt_ms, raw):
        """Take in the raw signal and return whether it counts."""
        if bool(raw) == self.on:
            self._differs_ms = 0
            return self.on
        self._differs_ms += dt_ms
        if self._differs_ms >= (self._off_ms if self.on else self._on_ms):
            self.on = not self.on
            self._differs_ms = 0
        return self.on


class Senses:
    """The bay as its sensors show it, doubt counted as danger."""

    def __init__(self, config):
        self._config = config
        self.edge_broken = False
        self._age_ms = 0
        self._hand = Lasting(0, 100)
        self._presence = Lasting(100, 1000)
        self._blind = Lasting(500, 1000)
        self._edge = Lasting(0, 50)
        self._inner_release = Lasting(20, 1000)
        self._stop = Lasting(0, 1000)
        self._fire = Lasting(200, 1000)
        self._weak = Lasting(20, 1000)
        self._tamper = Lasting(100, 1000)

    @property
    def hand(self):
        """Whether the light curtain is blocked, or was a moment ago."""
        return self._hand.on

    @property
    def presence(self):
        """Whether somebody may be in the chamber; so too while no sensor can tell."""
        return self.somebody or self._age_ms < YOUNG_MS

    @property
    def somebody(self):
        """Whether a sensor says that somebody is there, or gives no sense."""
        return self._presence.on or self._blind.on

    @property
    def edge(self):
        """Whether the soft edge is pressed or its line is open."""
        return self._edge.on or self.edge_broken

    @property
    def inner_release(self):
        """Whether the handle inside the chamber was pulled."""
        return self._inner_release.on

    @property
    def emergency_stop(self):
        """Whether the red button is in, or was within the last second."""
        return self._stop.on

    @property
    def fire(self):
        """Whether there is smoke or heat."""
        return self._fire.on

    @property
    def weak(self):
        """Whether the supply is too low to drive anything."""
        return self._weak.on

    @property
    def tamper(self):
        """Whether the cabinet is open."""
        return self._tamper.on

    def step(self, dt_ms, inputs):
        """Take in one scan."""
        config = self._config
        self._age_ms = min(self._age_ms + dt_ms, YOUNG_MS)
        self._hand.step(dt_ms, inputs.curtain_blocked)
        self._edge.step(dt_ms, inputs.edge_ohm < config.edge_pressed_ohm)
        self.edge_broken = inputs.edge_ohm > config.edge_broken_ohm
        self._inner_release.step(dt_ms, inputs.inner_release)
        self._stop.step(dt_ms, inputs.emergency_stop)
        self._fire.step(dt_ms, inputs.smoke or inputs.temperature_dc >= config.fire_dc)
        self._weak.step(dt_ms, inputs.supply_mv < config.supply_min_mv)
        self._tamper.step(dt_ms, inputs.tamper)
        self._presence.step(dt_ms, self._looks_alive(inputs))
        self._blind.step(dt_ms, not _is_plausible(inputs))

    def tell(self, known):
        """Set in `known` (a `KnownFaults`) what the senses alone can say is wrong."""
        known.put(faults.EMERGENCY_STOP, self.emergency_stop)
        known.put(faults.FIRE, self.fire)
        known.put(faults.EDGE_BROKEN, self.edge_broken)
        known.put(faults.INNER_RELEASE, self.inner_release)
        known.put(faults.PRESENCE_SENSOR, self._blind.on)
        known.put(faults.UNDERVOLTAGE, self.weak)
        known.put(faults.TAMPER, self.tamper)

    def _looks_alive(self, inputs):
        """Warm against the cabinet; in a cabinet as warm as skin, anything that stands high."""
        config = self._config
        if inputs.temperature_dc >= config.warm_dc:
            return inputs.tof_mm < config.near_mm
        warmer_dc = inputs.warm_dc - inputs.temperature_dc
        return inputs.warm_dc >= config.warm_dc and warmer_dc >= config.warm_above_dc


def _is_plausible(inputs):
    """Whether thermal array and distance sensor give values that can be."""
    return -400 <= inputs.warm_dc <= 1500 and 0 < inputs.tof_mm <= 2000
