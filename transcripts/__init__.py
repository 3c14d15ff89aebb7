"""What was said: every turn as the citizen saw it, found again, and forgotten in time.

Nothing of a person stands here in clear. What the door sealed is a token, an answer to a personal
question is the word that it was answered, and values of a file are masked.

tables.py      conversations, turns and letters
turns.py       the turn and the letter as they are recorded
store.py       recording a batch, once
search.py      finding turns by their words
listing.py     conversations by filters, page after page
reading.py     one conversation, and messages by their words
remarks.py     labels, notes and saved views of staff
retention.py   forgetting, and the erasure of a number
migrations/    the steps of their database
"""
