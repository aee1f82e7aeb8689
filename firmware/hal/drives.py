"""Motors behind pins: two halves that are never on together, and a hatch that guards can stop."""

from firmware.hal import chips


class Halves:
    """A bridge's two halves, each a PWM output: positive permille opens, negative closes."""

    def __init__(self, opening, closing):
        self._opening = opening
        self._closing = closing

    def short(self):
        """Both halves full on: the motor is shorted, and brakes."""
        self._closing.duty_u16(chips.FULL)
        self._opening.duty_u16(chips.FULL)

    def drive(self, permille):
        """Drive like that from now on; the other half goes off first."""
        duty = chips.duty(permille)
        if permille > 0:
            self._closing.duty_u16(0)
            self._opening.duty_u16(duty)
        else:
            self._opening.duty_u16(0)
            self._closing.duty_u16(duty)


class GuardedDrive:
    """The hatch's drive.

    Args:
        enable: The bridge's enable pin; called with 1 it switches on.
        halves: What turns the motor.
        guards: The inputs that end a drive at once, on the same enable pin.
    """

    def __init__(self, enable, halves, guards):
        self._enable = enable
        self._halves = halves
        self._guards = guards

    def drive(self, permille):
        """Arm the guards for this drive, then switch it on unless one of them holds.

        They are asked once more afterwards: an input that came on in between had its interrupt
        before the bridge was on.
        """
        way = (permille > 0) - (permille < 0)
        for guard in self._guards:
            guard.arm(way)
        if way == 0 or self._held():
            self._enable(0)
        self._halves.drive(permille)
        if way and not self._held():
            self._enable(1)
        if self._held():
            self._enable(0)

    def brake(self):
        """Short the motor until the next `drive`. No guard ends that: nothing is driven."""
        for guard in self._guards:
            guard.arm(0)
        self._enable(0)  # one half alone would drive, if only for microseconds
        self._halves.short()
        self._enable(1)

    def look(self):
        """The guards' inputs as bits, 1 for on."""
        bits = 0
        for guard in self._guards:
            bits = bits << 1 | guard.on()
        return bits

    def take(self, inputs):
        """Fill in what the guards have seen."""
        for guard in self._guards:
            setattr(inputs, guard.name, guard.take())

    def _held(self):
        return any(guard.holds() for guard in self._guards)


class Diverter:
    """The motor below the gate, on or off either way, and the place where it was last seen."""

    def __init__(self, up, down):
        self.at = -1
        self._up = up
        self._down = down
        self._way = 0

    def drive(self, to, on):
        """Turn towards that place while `on`; between two places keep the way."""
        self._way = chips.turn(self._way, self.at, to)
        way = self._way if on else 0
        self._up(way > 0)
        self._down(way < 0)
