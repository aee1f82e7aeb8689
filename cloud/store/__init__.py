"""What holds the platform's tables: SQLite or PostgreSQL, their schema and its revisions."""
