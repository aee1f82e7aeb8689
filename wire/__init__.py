"""The protocol between the kiosk's controller and a bay's node, imported by both sides.

Plain Python that MicroPython runs as it is: no typing, no dataclasses, nothing of ours.
"""
