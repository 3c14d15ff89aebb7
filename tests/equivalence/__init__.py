"""Whether the engine still decides as stock Rasa does."""
