"""A house under citizens and faults at once, and the proof that nobody loses anything by it."""
