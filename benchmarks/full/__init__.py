"""Rasa as it comes, TensorFlow included: its environment, and a model of its default pipeline."""
