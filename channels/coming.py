"""A hop of a call, kept from the moment it comes until its turn has answered it.

It goes, sealed, with the exchange that takes the lock of its conversation: what the citizen typed
is safe before anything is done with it, and that costs no exchange of its own. The exchange that
saves the conversation takes it away again. Whoever finds one takes the conversation over from a
turn that died; what was typed then waits among the inputs that the engine has not answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from channels.arrival import Arrival
from channels.beside import Beside
from channels.guarding import TOKEN_LETTERS, Entrusted, promise
from channels.memory import HOPS_KNOWN_SECONDS, Memory
from channels.reading import Input
from channels.recording import a_record
from channels.sessions import read_hop
from channels.turn_lock import Count
from core.editions import CAME
from core.errors import StoreUnavailable, TokenRefused
from core.messages import Content, InboundMessage, SessionEvent

# The order in which they are kept.
_KEPT: Final = ("text", "cumulative", "content", "session_event", "pressed", "opening", "step")


class Coming:
    """The hop of one turn, and what another left. Whoever writes has no hop."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        is_hop = arrival.is_ussd and arrival.inbound.session_event is not SessionEvent.ABORT
        self._key = f"hop:{arrival.conversation}" if is_hop else ""
        # True while what came is safe and the memory of the conversation is as it was found.
        self._is_safe = False

    @contextmanager
    def held(self, wait_seconds: float, counts: Sequence[Count]) -> Iterator[tuple[Memory, bool]]:
        """Hold the conversation: its memory, and whether this message came before.

        Raises TooMany, ConversationBusy, WrittenLater, or what Redis raises.
        """
        tools, name = self._arrival.tools, self._arrival.conversation
        keys = tools.memories.keys(name, self._arrival.message)
        entrusted = self._entrusted()
        with tools.turn_lock.hold(name, wait_seconds, keys, counts, entrusted) as found:
            memory, was_seen = tools.memories.read(name, found[: len(keys)])
            was_left = self._recovered(memory, found[len(keys) :])
            yield memory, was_seen or was_left

    def keep(self) -> bool:
        """What came is safe without being saved. False where the conversation must be saved first.

        Raises StoreUnavailable where the citizen was told that it was not taken.
        """
        if not self._is_safe:
            return False
        if not self._arrival.deadline.keep():
            raise StoreUnavailable("the hop was taken too late")
        promise()
        return True

    def moves_on(self) -> None:
        """The conversation is no more as it was found: it is saved before anything else is done."""
        self._is_safe = False

    def _entrusted(self) -> Entrusted | None:
        if not self._key:
            return None
        arrival = self._arrival
        inbound = [getattr(arrival.inbound, name) for name in _KEPT]
        came = CAME.dumps([arrival.message, arrival.session, arrival.at, inbound])
        sealed = arrival.tools.memories.seal.close(came, self._key)
        return Entrusted(self._key, sealed, HOPS_KNOWN_SECONDS)

    def _recovered(self, memory: Memory, found: Sequence[bytes | None]) -> bool:
        """Put what a dead turn left, if anything, among the pending of its call.

        True where that was this very hop. What opens a call is left to the hop that comes now: the
        call opens again.
        """
        left = found[0] if found else None
        self._is_safe = bool(found) and left is None
        if left is None:
            return False
        try:
            message, session, at, inbound = self._open(left)
        except (TokenRefused, orjson.JSONDecodeError):
            return False
        when = datetime.fromtimestamp(at, UTC)
        as_it_was = dict(zip(_KEPT, inbound, strict=True))
        known = replace(self._arrival.inbound, received_at=when, **as_it_was)
        hop = read_hop(known, session, memory.session, memory.typed, memory.step)
        is_answered = at < memory.heard_at
        if is_answered or hop.is_new or hop.is_stale or memory.pending or memory.held:
            return False
        memory.session, memory.typed, memory.step = session, hop.typed, known.step
        given = replace(Input.of(known), text=hop.inputs[0])
        memory.pending.append(given.put_off(self._arrival.tools.longest_message))
        memory.pending_session = session
        is_own = bool(message == self._arrival.message)
        # This very hop is recorded by its own turn, under the same key.
        record = b"" if is_own else self._record(known, message)
        self._arrival.tools.memories.pass_over(message, Beside(record))
        return is_own

    def _record(self, known: InboundMessage, message: str) -> bytes:
        """What the transcripts are told of the hop; what was typed is told once it is read."""
        arrival = self._arrival
        name, number = arrival.conversation, arrival.number_key
        keys = {"key": message[:64], "name": name, "number_key": number}
        return a_record(known, arrival.channel, **keys).begun()

    def _open(self, left: bytes) -> tuple[str, str, float, list[Any]]:
        came = self._arrival.tools.memories.seal.open(left[TOKEN_LETTERS:], self._key)
        message, session, at, inbound = CAME.loads(came)
        inbound[_KEPT.index("content")] = Content(inbound[_KEPT.index("content")])
        inbound[_KEPT.index("session_event")] = SessionEvent(inbound[_KEPT.index("session_event")])
        return message, session, at, inbound
