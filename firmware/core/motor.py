"""The hatch's motor: where the leaf is thought to be, and whether it rests, pushes or jams.

The position is integrated from the drive and corrected at the limits. Three rules hold for
whoever drives: the direction changes only after 50 ms at rest, each drive is bounded in time,
and a leaf whose place is not known closes no faster than it creeps.
"""

FOREVER_MS = 1 << 20
"""Ages stop here, so that no wait is ever too long for a small integer."""

UNWATCHED_MS = 500
"""After so long without drive, away from both limits, somebody may have moved the leaf."""


class Motor:
    """Drive in permille of full, positive opens. `keep_time`, look, then `drive`, each scan."""

    def __init__(self, config):
        self._config = config
        self.permille = 0
        self.limit_ma = config.pinch_ma  # above it the leaf meets something, here and now
        self.early = False  # the closed limit reports where the leaf cannot be
        self._position_um = 0
        self._is_known = False
        self._rest_ms = 0
        self._drive_ms = 0
        self._limit_ms = 0
        self._pace_ms = 0
        self._over_ms = 0
        self._over_scans = 0
        self._silent_ms = 0
        self._stray_ms = 0
        self._at_closed_ms = 0
        self._direction = 0

    @property
    def position_mm(self):
        """How far the hatch is thought to be open."""
        return self._position_um // 1000

    @property
    def closing(self):
        """Whether it drives towards closed."""
        return self.permille < 0

    @property
    def opening(self):
        """Whether it drives towards open."""
        return self.permille > 0

    @property
    def runs_down(self):
        """Whether it drove closed last, does so no more, and may not have come to rest yet."""
        return self.permille == 0 and self._direction < 0 and not self.at_rest

    @property
    def at_rest(self):
        """Whether no drive and no current was there for long enough to turn round."""
        return self._rest_ms >= self._config.dead_ms

    @property
    def blocked(self):
        """Whether the leaf meets something: too much current, and not from setting off."""
        return self._over_scans >= self._config.pinch_scans

    @property
    def jammed(self):
        """Whether it has been blocked for so long that nothing gives way."""
        return self._over_ms >= self._config.jam_ms

    @property
    def overdue(self):
        """Whether this drive has lasted longer than any good one does."""
        return self.permille != 0 and self._drive_ms >= self._limit_ms

    @property
    def silent(self):
        """Whether it is driven and draws nothing: a broken wire, or a sensor that sees nothing."""
        return self._silent_ms >= self._config.silent_ms

    @property
    def stray(self):
        """Whether current flows for long although the bridge is off."""
        return self._stray_ms >= self._config.rest_limit_ms

    @property
    def sticks(self):
        """Whether the closed limit does not let go though the leaf is driven off it freely."""
        return self._at_closed_ms >= self._config.lets_go_ms

    def closing_permille(self):
        """The drive that closes as fast as is allowed here."""
        config = self._config
        if self._is_known and self._position_um > config.creep_from_mm * 1000:
            return config.close_permille
        return config.creep_permille

    def keep_time(self, dt_ms, at_open, at_closed, motor_ma):
        """Take in what the last drive has done for `dt_ms`."""
        config = self._config
        self._pace_ms = min(self._pace_ms + dt_ms, FOREVER_MS)
        if self.permille:
            self._drive_ms = min(self._drive_ms + dt_ms, FOREVER_MS)
        still = self.permille == 0 and motor_ma < config.rest_ma
        self._rest_ms = min(self._rest_ms + dt_ms, FOREVER_MS) if still else 0
        stray = self.permille == 0 and not still
        self._stray_ms = min(self._stray_ms + dt_ms, FOREVER_MS) if stray else 0
        silent = self.permille != 0 and motor_ma < config.silent_ma
        self._silent_ms = min(self._silent_ms + dt_ms, FOREVER_MS) if silent else 0
        pushes = self.permille != 0 and motor_ma >= self.limit_ma
        if pushes and self._pace_ms >= config.inrush_ms:
            self._over_ms = min(self._over_ms + dt_ms, FOREVER_MS)
            self._over_scans += 1
        else:
            self._over_ms = self._over_scans = 0
        sticks = self.permille > 0 and at_closed and motor_ma < self.limit_ma
        self._at_closed_ms = min(self._at_closed_ms + dt_ms, FOREVER_MS) if sticks else 0
        far = self._is_known and self._position_um >= config.early_mm * 1000
        self.early = bool(self.permille < 0 and at_closed and far)
        self._estimate(dt_ms, at_open, at_closed)

    def drive(self, wanted):
        """Drive like that from now on, or stand still where the turn comes too early."""
        direction = (wanted > 0) - (wanted < 0)
        if direction and direction != self._direction:
            if self._direction and not self.at_rest:
                wanted = 0
            else:
                self._direction = direction
        if wanted and not self.permille:
            self._drive_ms = 0
            self._limit_ms = self._longest_ms(wanted)
        if wanted != self.permille:
            self._pace_ms = 0
        self.permille = wanted

    def _estimate(self, dt_ms, at_open, at_closed):
        top_um = self._config.travel_mm * 1000
        speed = self._config.full_speed_mm_s
        moved_um = self._position_um + self.permille * speed * dt_ms // 1000
        self._position_um = max(0, min(top_um, moved_um))
        if at_open or at_closed:
            self._position_um = top_um if at_open else 0
            self._is_known = True
        elif self._rest_ms >= UNWATCHED_MS:
            self._is_known = False

    def _longest_ms(self, wanted):
        config = self._config
        if wanted == config.open_permille:
            return config.open_limit_ms
        return config.close_limit_ms if wanted == config.close_permille else config.slow_limit_ms
