"""The gateway's side of a USSD dialect: it writes hops and reads answers.

It reads the same dialect files as the door and shares no code with it, so that the one tests the
other: what a gateway would write stands in `calling.py`, what it would understand in `hearing.py`.
"""
