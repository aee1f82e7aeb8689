"""Load cells: up to four HX711 on one clock, read by a PIO program and added up.

The program asks until the data lines of all cells are low in one and the same look, then gives
25 pulses, which is channel A at gain 128 (HX711 data sheet, table 3). After each of the first 24
it takes one bit of every cell, so that 24 bits of FIFO hold 24, 12, 8 or 6 pulses and a
conversion is as many words as there are cells.

At 1 MHz the clock is high for 1 us and low for 2 us; the chip allows 0.2 to 50 us high and goes
to sleep above 60 us. Bits are taken while the clock is low: where Python is late and the FIFO is
full, the program waits there, and a clock that stays low harms nothing.
"""

# ruff: noqa: F821 (the words of a PIO program, which `rp2.asm_pio` gives to the function)

BITS = 24
HZ = 1000000
MOST_CELLS = 4
TOP, BOTTOM = 0x7FFFFF, -0x800000
"""The ends of a conversion: a cell that stands there says nothing about its load."""


def program(cells):
    """The PIO program for that many cells, as a function for `rp2.asm_pio`."""

    def pulses():
        wrap_target()
        label("ask")
        mov(isr, null).side(0)  # empties the shift counter as well
        in_(pins, cells).side(0)
        mov(x, isr).side(0)
        jmp(not_x, "ready").side(0)
        jmp("ask").side(0)
        label("ready")
        mov(isr, null).side(0)
        set(x, 23).side(0)
        label("bit")
        nop().side(1)
        in_(pins, cells).side(0)
        jmp(x_dec, "bit").side(0)
        nop().side(1)  # the 25th
        wrap()

    return pulses


def values(words, cells):
    """Signed 24-bit value of each cell, from the words of one conversion."""
    raws = [0] * cells
    for word in words:
        for shift in range(BITS - cells, -1, -cells):
            bits = word >> shift
            for cell in range(cells):
                raws[cell] = raws[cell] << 1 | (bits >> cell) & 1
    return [raw - (1 << BITS) if raw > TOP else raw for raw in raws]


def added(raws):
    """The pan's one value: the sum within 24 bits; one cell at its end puts the sum there too."""
    for raw in raws:
        if raw in (TOP, BOTTOM):
            return raw
    return max(BOTTOM, min(TOP, sum(raws)))
