"""What happens in the registry by itself; `days.py` lets it happen."""
