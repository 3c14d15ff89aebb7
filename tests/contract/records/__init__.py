"""The records keep the same promises on SQLite and on PostgreSQL."""
