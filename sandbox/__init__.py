"""What surrounds the service on a laptop: a pretend registry, a phone, and a pretend provider."""
