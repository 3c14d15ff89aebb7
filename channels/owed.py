"""What is owed to who writes: an answer that stands in no outbox yet, or the end of a turn.

It is kept in the exchange that saves the conversation, so that no death between that and the outbox
loses a text; the worker gives what nobody else gave in time (worker/owed.py). Who calls is owed
nothing here: the answer is shown at the next hop.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from core import editions
from core.errors import TokenRefused
from core.outgoing import Tappable, read_tappable
from core.privacy import Pseudonyms, Seal

# A hash of Redis, by cause.
OWED: Final = "owed"
# Whoever lives gives an answer long before.
_GIVEN_SECONDS: Final = 30.0
# A turn that runs longer than the engine is waited for has died.
DEAD_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Owed:
    """Texts for a number, or the end of its turn where there are none; due at seconds since 1970.

    `cause` names the texts in the outbox, for whoever gives them: they go once.
    """

    cause: str
    channel: str
    number: str
    due: float
    texts: tuple[str, ...] = ()
    tappable: Tappable | None = None

    def close(self, seal: Seal) -> bytes:
        """It as it is kept."""
        return seal.close(editions.OWED.dumps(asdict(self)), OWED)

    @classmethod
    def open(cls, seal: Seal, sealed: bytes) -> Owed:
        """It as it was. Raises TokenRefused, or WrittenLater."""
        try:
            value: dict[str, Any] = editions.OWED.loads(seal.open(sealed, OWED))
            value["texts"] = tuple(value["texts"])
            value["tappable"] = read_tappable(value["tappable"])
            return cls(**value)
        except (orjson.JSONDecodeError, KeyError, TypeError) as fault:
            raise TokenRefused("what is owed cannot be read") from fault


def due_soon(is_late: bool) -> float:
    """When an answer is to be given by somebody else; at once where its turn cannot say it."""
    return time.time() + (0.0 if is_late else _GIVEN_SECONDS)


def end_of(message: str) -> str:
    """The name under which the end of a message's turn is owed."""
    return f"end of {message}"


def text_cause(cause: str, place: int) -> str:
    """What one of the texts of a cause is named by in the outbox."""
    return f"{cause}:{place}"


def answer_cause(
    pseudonyms: Pseudonyms, channel: str, number_key: str, message_id: str, is_late: bool
) -> str:
    """What the answer to a message is named by: the one at once, and the one that comes late."""
    kind = "late answer" if is_late else "answer"
    return pseudonyms.event(f"{kind} to {channel}:{number_key}:{message_id}")
