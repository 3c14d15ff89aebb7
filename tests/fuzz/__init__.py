"""Every parser is fed what nobody would write; none may fail otherwise than it promises.

`test_fuzz.py` does so for some seconds in each build, always alike; `bin/fuzz --seconds N` for as
long as is wanted, guided by coverage where atheris is installed. What was found lies in `found/`.
"""
