"""The seven unified points of a recycling site, judged from what the kiosk knows."""
