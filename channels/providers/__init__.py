"""A folder per provider, each with `build(name) -> Provider`; found by name, independent."""
