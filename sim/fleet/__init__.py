"""Several kiosks at one broker and one ledger."""

from __future__ import annotations
