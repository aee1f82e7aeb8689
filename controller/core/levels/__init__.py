"""How full a bay's bins are: from raw distances and from the masses that were dropped."""
