"""What the load cell's signal alone shows to be wrong with cell, converter or pan."""
