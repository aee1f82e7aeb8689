"""The bay node's firmware: MicroPython on the board, the same files under simulation."""
