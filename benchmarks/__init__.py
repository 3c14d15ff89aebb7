"""Measurements of the running service against stock Rasa, a hand-written menu and a constant."""
