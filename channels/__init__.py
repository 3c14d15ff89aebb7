"""The door: what a provider delivers becomes a turn of a conversation, its replies words.

Nothing here knows a topic or a register. A provider is one folder under `providers/`, a look is one
module under `rendering/`, and the dialogue itself is the engine's.
"""
