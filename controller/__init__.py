"""The kiosk's controller: what runs on the Raspberry Pi of one kiosk."""
