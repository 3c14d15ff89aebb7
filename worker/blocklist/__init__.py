"""Numbers that get nothing and cost nothing: `bin/blocklist`."""
