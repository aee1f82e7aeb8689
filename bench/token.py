"""What reading a resident's code costs, beside the signature alone that is in it."""

from __future__ import annotations

from bench.row import Row, rate
from contract import token
from contract.keys import SeedSigner, is_signed

CITY = SeedSigner(bytes(32))
ACCOUNT = "a11ce00000000001"
NOW_S = 1_795_000_000

VERIFIES, TURNS = 400, 5
GOAL_MS = 0.25


def measure(verifies: int = VERIFIES, turns: int = TURNS) -> list[Row]:
    """Milliseconds to verify one code, and to verify its signature alone, each at its best turn."""
    text = token.issue(CITY, ACCOUNT, NOW_S, jti=bytes(8))
    keys = {CITY.key_id: CITY.public}
    said = bytes(len(text))
    signature = CITY.sign(said)
    ours, bare = 0.0, 0.0
    for _ in range(turns):
        ours = max(ours, rate(lambda: token.verify(text, keys, NOW_S, clock_known=True), verifies))
        bare = max(bare, rate(lambda: is_signed(CITY.public, signature, said), verifies))
    return [
        Row("resident's code verified", 1000 / ours, "ms", "Ed25519 verify alone", 1000 / bare,
            GOAL_MS, at_least=False, is_limit=True),
    ]  # fmt: skip
