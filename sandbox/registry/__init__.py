"""A pretend national registry with synthetic households, speaking the real wire contract."""
