"""Residents' accounts: codes, cards, typed phone numbers, and what was revoked."""
