"""The node's hardware seam: `board` says what there is, `rp2` is the one file that touches it."""
