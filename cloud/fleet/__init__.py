"""The kiosks: who becomes one, and where each stands."""
