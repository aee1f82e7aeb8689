"""The simulator: another implementation of the kiosk's seams, in virtual time.

It runs the real firmware and the real controller on a causal, seeded world.
"""
