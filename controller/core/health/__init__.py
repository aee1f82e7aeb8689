"""Which part of a kiosk is failing, by what can be seen of it, and what is to be done."""
