"""What is wired where on the node's board, a Raspberry Pi Pico (RP2040).

Every switch closes to ground and is pulled up. What is dangerous when it is not seen is a break
contact, so that a broken wire looks like danger. `docs/hardware.md` shows the same as tables.
"""

UART_TX, UART_RX = 0, 1
SERVICE_JUMPER = 7  # to ground: the board starts no program, so that it can be loaded anew
I2C_SDA, I2C_SCL = 8, 9
BRIDGE_ON, HATCH_OPENING, HATCH_CLOSING = 10, 11, 12
LOCK_ON = 13
GATE_OPENING, GATE_CLOSING = 14, 15
DIVERTER_UP, DIVERTER_DOWN = 16, 17
CELL_CLOCK, CELL_DATA = 18, 19  # up to four cells on CELL_DATA and the pins after it
ADC_EDGE, ADC_MOTOR, ADC_SUPPLY = 26, 27, 28

OPENING, CLOSING, EITHER = 1, -1, 0

GUARDS = (
    ("limit_closed", 2, 0, CLOSING),
    ("limit_open", 3, 0, OPENING),
    ("curtain_blocked", 4, 1, CLOSING),
    ("emergency_stop", 5, 1, EITHER),
    ("edge_touched", 6, 1, CLOSING),
)
"""(field of `Inputs`, pin, level that means yes, the drive of the hatch that it ends at once)."""

EXPANDER_SWITCHES = (
    ("gate_closed", 4, 0),
    ("gate_open", 5, 0),
    ("inner_release", 6, 1),
    ("smoke", 7, 0),
    ("tamper", 8, 1),
)
"""(field of `Inputs`, bit of the expander, level that means yes)."""

DIVERTER_SWITCHES = 4  # on the expander's bits 0 to 3, one a place, low where the diverter stands
LIGHT_BIT, WARN_BIT, SENDER_BIT = 9, 10, 11  # low: light on, warning on, curtain's sender off

EXPANDER, DISTANCE, FRAM, THERMAL = 0x20, 0x29, 0x50, 0x69
"""Addresses on I2C: PCF8575, VL53L0X, MB85RC256V, AMG8833."""

LEVEL, LEVEL_CHANNELS = 0x2B, 0x72
"""The bins' VL53L0X and their TCA9548A (0x29, 0x70) behind an LTC4316 that turns bit 1 round.
Channels 0 to 3 lead to the sensors of bins 0 to 3."""
