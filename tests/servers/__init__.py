"""Real servers that a test has for itself: PostgreSQL, a stand-alone Redis, a set of Sentinels.

Each is a context manager that is up within its block and leaves nothing behind; it can be stopped,
killed, started again and stalled in between. Where a program is not installed, `needs_postgres` and
`needs_redis` skip a test and say so.
"""
