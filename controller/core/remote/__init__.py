"""What the platform asks of the kiosk from afar, and what the kiosk remembers of it."""
