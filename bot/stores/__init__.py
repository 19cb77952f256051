"""Where conversations, locks, limits and counts are kept: SQLite and memory, or servers."""
