"""Whether the engine decides as stock Rasa does: random dialogues through both, compared.

    bot/.venv/bin/python -m equivalence --redis-port N --dialogues 100 --turns 25 --seed 1

Run from the root of the repository with bot/ on the path, as `bin/check --equivalence` does.
"""
