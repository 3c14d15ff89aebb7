"""Keeping what is kept: backups, their restoring, and what a restore must not undo.

`bin/backup` and `bin/restore`. Keys never stand in a backup (docs/decisions, "Backups").
"""
