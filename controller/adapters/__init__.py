"""The kiosk's ways to its real parts, each behind a port of `controller.ports`."""
