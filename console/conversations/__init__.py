"""Reading conversations: the list, the search, one of them, and what is revealed of it.

pages.py       the list, its search and its saved views
filters.py     what a form asks for
live.py        telling browsers that something was said
transcript.py  one conversation, its labels and notes
drawing.py     words, tokens and meanings as staff see them
revealing.py   opening a sealed identifier, once, for a reason
"""
