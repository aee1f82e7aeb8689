"""Single trials of a bay, each a function of its seed: for tests by the thousand and for figures.

A trial plays one short story with the real node on real physics and says what came of it.
"""
