"""The transcripts, on SQLite and on PostgreSQL."""
