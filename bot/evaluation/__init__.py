"""Measuring what the engine understands: bin/evaluate."""
