"""A phone to call the service with: a page, a JSON interface, a driver for tests, a terminal."""
