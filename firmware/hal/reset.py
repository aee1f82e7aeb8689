"""Why the board started, and how it is started anew when that is asked for.

The RP2040 tells its watchdog from everything else, and `machine.reset()` uses the watchdog. So a
restart that was asked for leaves a word in the watchdog's first scratch register, which outlasts
such a reset and no power cut (RP2040 datasheet, section 4.7).
"""

from wire import messages

SENT_MS = 100
"""So long a restart waits for what is still to be sent; then it comes all the same."""

SCRATCH = 0x4005800C
ASKED = 0x41534B44


class Reset:
    """The start that was, and the one that may come.

    Args:
        machine: MicroPython's module of that name.
    """

    def __init__(self, machine):
        self._machine = machine
        was_asked = machine.mem32[SCRATCH] == ASKED
        machine.mem32[SCRATCH] = 0  # said once: the next start may have another cause
        words = {machine.PWRON_RESET: "power", machine.WDT_RESET: "watchdog"}
        word = words.get(machine.reset_cause(), "unknown")
        if was_asked and word == "watchdog":
            word = "asked"
        self.cause = messages.RESET_CAUSES.index(word)

    def begin(self, uart, sleep_ms):
        """Reset the chip once `uart` has sent what waits in it, or `SENT_MS` are over."""
        for _ in range(SENT_MS):
            if uart.txdone():
                break
            sleep_ms(1)
        self._machine.mem32[SCRATCH] = ASKED
        self._machine.reset()
