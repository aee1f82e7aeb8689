"""The stage of the live demo: broker, platform and a simulated kiosk in real time, and a
visitor's page on which to be the resident.
"""
