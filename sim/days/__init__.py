"""Whole days of a kiosk: who comes when and with what, and how long a deposit takes them."""
