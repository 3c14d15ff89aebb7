"""What checks recipes, Compose file and chart, without an engine and without a cluster."""
