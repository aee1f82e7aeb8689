"""Teaching a kiosk its own chamber: a small file beside the model, which itself stays as it is."""
