"""What citizens ask for about their data: the file of them, or their end.

pages.py    those that wait, with the days left; one of them; entering one
handing.py  carrying one out, refusing it, handing over the file
"""
