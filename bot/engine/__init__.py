"""What runs conversations: Rasa's agent, processor, tracker and stores, made cheap by subclasses.

Every class here stands where Rasa lets one stand, and decides as its stock parent does;
`bot/equivalence` drives both side by side. `docs/decisions/0014-the-engine-by-subclasses.md` names
each one and what it saves.
"""
