"""Redeeming points at partners."""
