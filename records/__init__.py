"""What Twiza must remember of numbers and persons, in SQL: consents, messages to send, the audit.

Nothing here is a person's data in clear: numbers and persons are keyed hashes, messages are sealed
bytes, and both are made by the callers (core.privacy).
"""
