"""The shop: partners, their goods, redeeming points for them, and what guests' points give."""
