"""The vocabulary every process shares: messages, errors, privacy, settings, logs.

Imports nothing else of ours.
"""
