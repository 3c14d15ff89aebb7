"""Filling in what a programme asks: one form for every procedure, the questions being data.

begin.py      which procedure, and whether it can be begun here
form.py       the engine's form: takes an answer, asks the next question
walk.py       which question comes next; no I/O
answers.py    what counts as an answer; no I/O
choices.py    what can be chosen: members, slots, references
screens.py    how a question is put
desk.py       the draft behind it all, and handing it in
procedures.py what can be filled in
"""
