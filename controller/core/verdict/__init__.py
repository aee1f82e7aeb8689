"""The verdict on one load: accept, ask one question, or give it back with a reason.

What the eyes say, what the load weighs, its barcode and the bay's streams are weighed together
into one belief; what each verdict would cost by that belief decides. What cannot be named is
given back; nothing is guessed silently.
"""

from controller.core.verdict.judge import Judge
from controller.core.verdict.verdicts import MAX_CHOICES, Accept, Ask, Return, Verdict

__all__ = ["MAX_CHOICES", "Accept", "Ask", "Judge", "Return", "Verdict"]
