"""A pretend SMSC: SMPP 3.4 over TCP, phones that dial through it, and faults on request."""
