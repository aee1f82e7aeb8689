"""Records that wait for staff: reasons, appeals, decisions."""
