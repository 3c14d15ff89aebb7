"""Answering those who asked for a person.

queue.py     who waits, whose each request is, and taking, giving and handing back
answering.py writing to the citizen
panel.py     what stands beside a conversation that somebody works on
presence.py  who of the staff is there
replies.py   the replies that supervisors keep
"""
