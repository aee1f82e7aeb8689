"""From the broker to the ledger, and its answers back."""
