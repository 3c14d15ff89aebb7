"""Pictures of what the benchmarks measured, drawn from their JSON alone."""
