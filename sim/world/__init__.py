"""A bay's physics: causal and seeded. Motors move things, things have mass, mass gives counts.

Time is an argument, in whole microseconds. What people and accidents do are verbs of
`BayWorld`; nothing passes the hatch or the gate except by physics.
"""

from sim.world.bay_world import BayWorld
from sim.world.figures import BayFigures, BoardFigures
from sim.world.item import Item, Part
from sim.world.obstacle import Obstacle, Pinch
from sim.world.person import Body

__all__ = ["BayFigures", "BayWorld", "BoardFigures", "Body", "Item", "Obstacle", "Part", "Pinch"]
