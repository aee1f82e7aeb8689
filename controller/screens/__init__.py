"""What people see on the kiosk itself: the resident's screen, served on loopback."""
