"""The words of every language: catalogs, their checks, and the forms of dates and numbers."""
