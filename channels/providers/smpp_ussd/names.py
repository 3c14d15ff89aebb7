"""Names of sessions and hops, which SMPP has none of: kept in Redis, for all binds together.

A gateway soon gives a new call the reference of an old one, and a citizen may press the same key
on two screens in a row. So a session gets a name of its own when it begins, and a hop keeps its
name from its arrival until the SMSC has confirmed the answer: delivered again before that, it is
the same hop and gets the same answer; afterwards the same key is a new input.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast

import redis

from channels.providers.smpp_ussd.hops import Hop
from core.logs import log
from core.messages import ChannelKind, InboundMessage, SessionEvent
from core.privacy import Pseudonyms

_LOG = log(__name__)
_ANSWERED: Final = b"answered"
_MARGIN_SECONDS: Final = 60
_DELIVERED_AGAIN_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """A hop with its name and the one of its session, and the code that its call was made to."""

    name: str
    session: str
    code: str


class Names:
    """Gives names, and remembers them while the session may last."""

    def __init__(
        self,
        store: redis.Redis,
        pseudonyms: Pseudonyms,
        session_seconds: int,
    ) -> None:
        self._store = store
        self._pseudonyms = pseudonyms
        self._life = session_seconds + _MARGIN_SECONDS

    def take(self, hop: Hop) -> Taken | None:
        """Name a hop, or None for one that comes again after its answer.

        Without the store every hop is a new one: a turn that cannot be kept says so itself.
        """
        fresh = secrets.token_hex(8)
        try:
            known = self._store.set(self._hop_key(hop), fresh, nx=True, get=True, ex=self._life)
            if known == _ANSWERED:
                return None
            name = cast("bytes", known).decode() if known else fresh
            session, code = self._session(hop, fresh if known is None else "")
        except redis.RedisError as fault:
            _LOG.warning("hop_not_named", fault=type(fault).__name__)
            name, session, code = fresh, self.reference(hop), hop.code
        return Taken(name, session, code)

    def confirm(self, hop: Hop, repeat_seconds: float | None) -> None:
        """Note that the SMSC has the answer; what comes within `repeat_seconds` is a repeat.

        None where the connection broke in between: the SMSC may have had no confirmation of the
        hop and deliver it again. For a while it is then the same hop still, with the same answer.
        """
        key = self._hop_key(hop)
        try:
            if repeat_seconds is None:
                self._store.expire(key, _DELIVERED_AGAIN_SECONDS)
            elif repeat_seconds > 0:
                self._store.set(key, _ANSWERED, px=max(1, round(repeat_seconds * 1000)))
            else:
                self._store.delete(key)
        except redis.RedisError as fault:
            _LOG.warning("hop_not_confirmed", fault=type(fault).__name__)

    def reference(self, hop: Hop) -> str:
        """What the gateway calls the session, as nobody can read it."""
        return self._pseudonyms.event(f"smpp:{hop.number}:{hop.reference}")

    def message(self, channel: str, hop: Hop, taken: Taken) -> InboundMessage:
        """The hop as a turn takes it."""
        return InboundMessage(
            channel=channel,
            kind=ChannelKind.USSD,
            number=hop.number,
            message_id=f"{taken.session}:{taken.name}",
            received_at=datetime.now(UTC),
            text=hop.text,
            session_id=taken.session,
            session_event=hop.event,
        )

    def _hop_key(self, hop: Hop) -> str:
        what = f"{self.reference(hop)}:{hop.event.value}:{hop.text}"
        return f"smpp:hop:{self._pseudonyms.event(what)}"

    def _session(self, hop: Hop, begun: str) -> tuple[str, str]:
        """The session's name and code: new with a new call, else as remembered."""
        key = f"smpp:session:{self.reference(hop)}"
        if hop.event is SessionEvent.NEW and begun:
            self._store.set(key, f"{begun} {hop.code}", ex=self._life)
            return begun, hop.code
        known = cast("bytes | None", self._store.getex(key, ex=self._life))
        if known is None:
            begun = secrets.token_hex(8)
            self._store.set(key, f"{begun} {hop.code}", ex=self._life)
            return begun, hop.code
        session, _, code = known.decode().partition(" ")
        return session, hop.code or code
