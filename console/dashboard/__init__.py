"""Figures of the service: pictures, each with its table and its CSV, from what was counted.

pages.py        the page and its CSV files
period.py       which days are asked for
tables.py       a table of figures, and the tables of what was said
counted.py      the tables of what was sent, asked for and handed in
protected.py    tables of few people: what of them is hidden
suppression.py  hiding small cells so that they cannot be computed from the others
drawing.py      pictures of tables, as SVG
naming.py       names of what is counted, in the language of the page
"""
