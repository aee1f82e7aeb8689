"""The platform: takes records from kiosks, keeps the ledger, shows residents their accounts."""
