"""The pan as a measuring instrument: class III, calibration, verification, estimation."""
