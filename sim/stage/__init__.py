"""The stage of the live demo: other processes, a visitor's page, a simulated resident."""
