"""What staff can see of messages that wait or were given up, and do about them: `bin/outbox`."""
