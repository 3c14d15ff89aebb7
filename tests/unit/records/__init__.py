"""The records, apart from what both databases must promise alike."""
