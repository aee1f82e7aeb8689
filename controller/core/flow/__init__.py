"""What a session does in each state, one file a leg of the way; `table` says when."""
