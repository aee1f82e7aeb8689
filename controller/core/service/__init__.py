"""Service: what staff may do at a kiosk that runs, and the checks that they run."""
