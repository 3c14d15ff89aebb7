"""The steps by which the records database came to be what records/tables.py says."""
