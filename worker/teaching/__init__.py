"""Teaching off the citizen's path: the queue of reviews is filled, exports are measured.

tasks.py      what Celery runs
measuring.py  an export is trained with aside, and evaluated before and after
command.py    bin/teach
"""
