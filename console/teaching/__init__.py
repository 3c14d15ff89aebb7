"""Teaching: staff correct what was understood, agree, and hand it over as training data.

pages.py      the queue, and deciding about one message
reviewing.py  what stands on the page of one message: candidates, words, marks
exporting.py  exports: asked for, looked at, accepted, downloaded
training.py   the training messages of data/nlu, and lines added to their files
rules.py      the rules of data/README.md that a new line must keep
change.py     an export as a change ready to commit
"""
