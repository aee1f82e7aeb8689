"""Scenarios by chance: drawn from a seed, run, and cut down to what still fails."""

from __future__ import annotations
