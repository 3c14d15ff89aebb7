"""What a turn asks of Redis, of PostgreSQL and of the registry."""
