"""Staff of the platform: who they are, what they may, and what they did."""
