"""The recipes of the two images, what may go into them, and what they begin with."""
