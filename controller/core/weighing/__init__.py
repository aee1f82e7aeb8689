"""From conversions to a mass: numbers, the ringing's fit, settling, zero, and the bound."""
