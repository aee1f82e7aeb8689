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

    @property
    def settled(self):
        """Whether the raw signal says what counts, so that no patience is running."""
        return self._differs_ms == 0

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


class Alive:
    """A reading that noise keeps moving; one that repeats itself for `limit_ms` is stuck.

    Until it has changed once it is neither alive nor stuck: nothing is known of it yet.
    """

    def __init__(self, limit_ms):
        self.on = False
        self.stuck = False
        self._limit_ms = limit_ms
        self._last = None
        self._same_ms = 0

    def step(self, dt_ms, reading):
        """Take in what the sensor says now and return whether it is alive."""
        if reading == self._last or self._last is None:
            self._same_ms = min(self._same_ms + dt_ms, self._limit_ms)
            self.stuck = self._same_ms >= self._limit_ms
            self.on = self.on and not self.stuck
        else:
            self._same_ms = 0
            self.stuck = False
            self.on = True
        self._last = reading
        return self.on

    @property
    def judged(self):
        """Whether it is known to be alive or stuck."""
        return self.on or self.stuck

    @property
    def settled(self):
        """Whether its last reading was a new one."""
        return self._same_ms == 0


class Senses:
    """The bay as its sensors show it, doubt counted as danger; plain attributes after `step`."""

    def __init__(self, config):
        self._config = config
        self._age_ms = 0
        self._hand = Lasting(0, 100)
        self._warm = Lasting(100, 1000)
        self._no_warmth = Lasting(500, 1000)
        self._no_distance = Lasting(500, 1000)
        self._thermal = Alive(config.repeats_ms)
        self._tof = Alive(config.repeats_ms)
        self._edge = Lasting(0, 50)
        self._inner_release = Lasting(20, 1000)
        self._stop = Lasting(0, 1000)
        self._fire = Lasting(200, 1000)
        self._weak = Lasting(20, 1000)
        self._tamper = Lasting(100, 1000)
        self.hand = False  # the light curtain is blocked, or was a moment ago
        self.warm = False  # a sensor says that somebody is there
        self.somebody = False  # likewise, or a sensor gives no sense
        self.presence = True  # somebody may be there; so too while no sensor can tell yet
        self.judged = False  # each sensor is known to be alive, or known not to be
        self.edge = False  # the soft edge is pressed, was for a moment, or its line is open
        self.inner_release = False  # the handle inside the chamber was pulled
        self.emergency_stop = False  # the red button is in, or was within the last second
        self.fire = False  # smoke or heat
        self.weak = False  # the supply is too low to drive anything
        self.causes = 0  # bits of the faults that the sensors alone can tell

    def step(self, dt_ms, inputs, hand):
        """Take in one scan; `hand` is whether the light curtain speaks of one."""
        config = self._config
        self._age_ms = min(self._age_ms + dt_ms, YOUNG_MS)
        self._thermal.step(dt_ms, inputs.thermal_sum)
        self._tof.step(dt_ms, inputs.tof_mm)
        self.hand = self._hand.step(dt_ms, hand)
        pressed = self._edge.step(dt_ms, inputs.edge_ohm < config.edge_pressed_ohm)
        broken = inputs.edge_ohm > config.edge_broken_ohm
        self.edge = pressed or broken or inputs.edge_touched
        self.inner_release = self._inner_release.step(dt_ms, inputs.inner_release)
        self.emergency_stop = self._stop.step(dt_ms, inputs.emergency_stop)
        hot = inputs.temperature_dc >= config.fire_dc
        self.fire = self._fire.step(dt_ms, inputs.smoke or hot)
        self.weak = self._weak.step(dt_ms, inputs.supply_mv < config.supply_min_mv)
        cold = (
            self._no_warmth.step(dt_ms, not -400 <= inputs.warm_dc <= 1500) or self._thermal.stuck
        )
        dark = self._no_distance.step(dt_ms, not 0 < inputs.tof_mm <= 2000) or self._tof.stuck
        self.warm = self._warm.step(dt_ms, self._looks_alive(inputs))
        self.somebody = self.warm or cold or dark
        self.judged = self._age_ms >= YOUNG_MS and self._thermal.judged and self._tof.judged
        self.presence = self.somebody or not self.judged
        tamper = self._tamper.step(dt_ms, inputs.tamper)
        self.causes = (
            self.emergency_stop << faults.EMERGENCY_STOP
            | self.fire << faults.FIRE
            | broken << faults.EDGE_BROKEN
            | self.inner_release << faults.INNER_RELEASE
            | cold << faults.THERMAL_SENSOR
            | dark << faults.DISTANCE_SENSOR
            | self.weak << faults.UNDERVOLTAGE
            | tamper << faults.TAMPER
        )

    @property
    def settled(self):
        """Whether no signal has just changed: then a long sleep hides none of their patience."""
        return (
            self._thermal.settled
            and self._tof.settled
            and self._hand.settled
            and self._warm.settled
            and self._no_warmth.settled
            and self._no_distance.settled
            and self._edge.settled
            and self._inner_release.settled
            and self._stop.settled
            and self._fire.settled
            and self._weak.settled
            and self._tamper.settled
        )

    def _looks_alive(self, inputs):
        """Warm against the cabinet; in a cabinet as warm as skin, anything that stands high."""
        config = self._config
        if inputs.temperature_dc >= config.warm_dc:
            return inputs.tof_mm < config.near_mm
        warmer_dc = inputs.warm_dc - inputs.temperature_dc
        return inputs.warm_dc >= config.warm_dc and warmer_dc >= config.warm_above_dc
