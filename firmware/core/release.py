"""The number of this firmware, which a node tells in its welcome."""

RELEASE = 2
"""1 to 255; one more with every change that goes to boards. The platform shows it for each bay.

It decides nothing: whether node and controller understand each other, the table's hash says.
"""
