"""How fast the console's pages open over many messages.

filling.py    so many messages in the transcripts, as they would have been recorded
opening.py    pages opened again and again
compare.py    bin/bench console
"""
