"""A bay's physics: causal and seeded. Motors move things, things have mass, mass gives counts.

Time is an argument, in whole microseconds. What people and accidents do are verbs of
`BayWorld`; nothing passes the hatch or the gate except by physics.
"""

from sim.world.bay_world import BayWorld
from sim.world.figures import BayFigures
from sim.world.item import Item, Part

__all__ = ["BayFigures", "BayWorld", "Item", "Part"]
