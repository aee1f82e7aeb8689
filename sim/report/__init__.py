"""What came of runs, for people (one HTML page with plots) and for CI (JUnit XML)."""

from __future__ import annotations
