"""What can be wrong with a frame's body; a bad frame itself is counted and never raises."""


class WireError(ValueError):
    """A body is no message of this protocol, or a value does not fit its field."""
