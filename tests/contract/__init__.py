"""Suites that every implementation of one promise must pass."""
