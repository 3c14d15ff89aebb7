"""The stream of Redis in which records wait to be written into the transcripts, sealed.

An entry has one field, which says what it is: `turn` and `letter` come from the door and the
worker, sealed; the engine writes what it understood into a stream of its own, where nothing is of a
person (bot/components/event_broker.py).
"""

from __future__ import annotations

from typing import Final

from core.privacy import Seal

STREAM: Final = "recorded"
# A hash of turns that still run though their clock has answered, by their key: what the worker
# writes of one whose door died.
UNFINISHED: Final = "recorded:unfinished"
ENGINE_STREAM: Final = "engine:understood"
TURN: Final = "turn"
LETTER: Final = "letter"
UNDERSTOOD: Final = "understood"
# The task that forgets all that a number said; its argument: number_key, and the person_key of whom
# the records forget meanwhile.
ERASE_TRANSCRIPTS: Final = "worker.erasing.erase"
_CONTEXT: Final = "recorded"


def close_record(seal: Seal, value: bytes) -> bytes:
    """A record as it waits."""
    return seal.close(value, _CONTEXT)


def open_record(seal: Seal, sealed: bytes) -> bytes:
    """A record as it was. Raises TokenRefused."""
    return seal.open(sealed, _CONTEXT)
