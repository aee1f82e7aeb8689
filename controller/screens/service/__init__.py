"""Service on the kiosk's own loopback server: an API, and pages over it."""
