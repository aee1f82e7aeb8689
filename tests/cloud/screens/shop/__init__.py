"""The shop in a real browser: the resident's phone and the till."""
