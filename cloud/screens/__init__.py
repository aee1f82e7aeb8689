"""What residents see of their account, on a phone."""
