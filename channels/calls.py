"""What some gateways say of a USSD call once, or not at all: who calls, and which call it is.

Most name both in every hop, and nothing is kept of them here. One that names the caller in the
first hop alone has the number kept, sealed, by its session; one that names no sessions has its
calls numbered by the caller, from one first hop to the end of that call.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import cast

import redis

from channels.port import Capabilities
from core.errors import MalformedPayload, StoreUnavailable, TokenRefused
from core.messages import InboundMessage, SessionEvent
from core.privacy import Pseudonyms, Seal


class Calls:
    """The calls that are open, for as long as their gateways keep a session."""

    def __init__(self, store: redis.Redis, seal: Seal, pseudonyms: Pseudonyms) -> None:
        self._store = store
        self._seal = seal
        self._pseudonyms = pseudonyms

    def complete(
        self, channel: str, limits: Capabilities, inbound: InboundMessage
    ) -> InboundMessage | None:
        """The message with its caller and its call, or None for the end of a call nobody knows.

        Raises MalformedPayload where the caller is not known, StoreUnavailable where that cannot
        be looked up.
        """
        if limits.names_calls and not limits.names_callers_once:
            return inbound
        try:
            if limits.names_callers_once:
                inbound = self._named(channel, limits, inbound)
            if not limits.names_calls and inbound.number:
                inbound = self._numbered(channel, limits, inbound)
        except redis.RedisError:
            # A caller who is known is told by the turn that nothing works.
            if not inbound.number:
                raise StoreUnavailable("the caller cannot be looked up") from None
        is_over = inbound.session_event is SessionEvent.ABORT
        if inbound.number and (inbound.session_id or not is_over):
            return inbound
        if is_over:
            return None
        raise MalformedPayload("the session is not known")

    def over(self, channel: str, limits: Capabilities, inbound: InboundMessage) -> None:
        """Let the caller's next hop be the first of another call."""
        if limits.names_calls:
            return
        try:
            self._store.delete(self._call(channel, inbound.number))
        except redis.RedisError:
            # It lapses by itself.
            return

    def _named(self, channel: str, limits: Capabilities, inbound: InboundMessage) -> InboundMessage:
        key = f"caller:{self._pseudonyms.event(f'{channel}:{inbound.session_id}')}"
        life = round(limits.session_seconds)
        if inbound.number:
            self._store.set(key, self._seal.close(inbound.number.encode(), key), ex=life)
            return inbound
        sealed = cast("bytes | None", self._store.get(key))
        try:
            number = self._seal.open(sealed, key).decode() if sealed else ""
        except TokenRefused:
            number = ""
        return replace(inbound, number=number)

    def _numbered(
        self, channel: str, limits: Capabilities, inbound: InboundMessage
    ) -> InboundMessage:
        key, life = self._call(channel, inbound.number), round(limits.session_seconds)
        if inbound.session_event is SessionEvent.ABORT:
            known = cast("bytes | None", self._store.get(key))
            return replace(inbound, session_id=known.decode() if known else "")
        made = secrets.token_hex(12)
        pipeline = self._store.pipeline(transaction=True)
        if inbound.session_event is SessionEvent.NEW:
            pipeline.set(key, made, ex=life)
        else:
            pipeline.set(key, made, nx=True, ex=life)
        pipeline.expire(key, life)
        pipeline.get(key)
        session = cast("bytes", pipeline.execute()[-1]).decode()
        numbered = replace(
            inbound, session_id=session, message_id=f"{session}:{inbound.message_id}"
        )
        if session != made:
            return numbered
        text = inbound.text if inbound.opening is None else inbound.opening
        return replace(numbered, session_event=SessionEvent.NEW, text=text)

    def _call(self, channel: str, number: str) -> str:
        return f"call:{self._pseudonyms.event(f'{channel}:{number}')}"
