"""The keys that the platform knows: kiosks', the city's, the ledger's own."""
