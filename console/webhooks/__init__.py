"""Webhooks: who listens to what happens, and what became of each that was sent."""
