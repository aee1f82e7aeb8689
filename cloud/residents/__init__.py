"""Residents before the platform: how they sign in, what is kept about them, how that ends."""
