"""Emergency programmes: people who agreed are invited to apply (docs/emergencies.md)."""
