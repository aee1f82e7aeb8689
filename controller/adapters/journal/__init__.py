"""The journal on disk: one SQLite file of signed, chained records, and what it takes to keep it."""
