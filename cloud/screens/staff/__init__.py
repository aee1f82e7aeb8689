"""The pages of staff: signing in, and what each role works with."""
