"""Exports in the background.

making.py  one export from its first line to its file
sources.py the lines there are of each kind
forms.py   lines as CSV, as a workbook, as JSON lines
"""
