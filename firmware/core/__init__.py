"""The node's core: inputs and ticks in, outputs out; no IO, no clock, integers only."""
