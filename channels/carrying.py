"""Answering a message in the webhook's own answer, or in its turn behind what still waits.

What an answer carries stands in the outbox too, until its provider tells what became of it: should
the answer be lost on its way, the worker sends it again. What cannot be carried at once without
overtaking another message of the same citizen waits behind that one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

import redis

from channels.arrival import Tools
from channels.deadline import Said
from channels.envelope import close_message, report_address, told_key
from channels.meters import SEGMENTS
from channels.owed import answer_cause
from channels.port import Messenger, Provider, WebhookAnswer, WebhookCall
from channels.rendering.pieces import pieces
from core.errors import StoreUnavailable
from core.logs import log
from core.messages import InboundMessage
from core.outgoing import Outgoing
from core.privacy import Seal
from records.outbox import Draft, Kept, Outbox

_LOG = log(__name__)


class Carrying:
    """Carries what a turn said back to its provider, or leaves it to the outbox."""

    def __init__(
        self,
        outbox: Outbox,
        store: redis.Redis,
        seal: Seal,
        tools: Tools,
        public_url: str,
        confirm_seconds: float,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._seal = seal
        self._pseudonyms = tools.pseudonyms
        self._later = tools.later
        self._memories = tools.memories
        self._public_url = public_url
        self._confirm = timedelta(seconds=confirm_seconds)

    def answer(
        self,
        channel: str,
        provider: Provider,
        call: WebhookCall,
        inbound: InboundMessage,
        said: Said,
    ) -> WebhookAnswer:
        """The HTTP answer: it carries the texts, or nothing where they wait or were said before."""
        messenger = _messenger(provider)
        if not said.texts or messenger is None:
            return provider.answer(call, said.texts, said.is_open)
        longest = provider.capabilities.longest_text
        recipient = self._pseudonyms.number(inbound.number)
        cause = answer_cause(
            self._pseudonyms, channel, recipient, inbound.message_id, is_late=False
        )
        # Named as the worker names them, should it have to give what is owed.
        cut = [
            (f"{cause}:{text}:{place}", piece)
            for text, whole in enumerate(said.texts)
            for place, piece in enumerate(pieces(whole, longest))
        ]
        tappable = said.tappable if len(cut) == 1 else None
        messages = [Outgoing(inbound.number, piece, tappable=tappable) for _, piece in cut]
        drafts = [
            close_message(self._seal, recipient, message, provider.kind, name)
            for (name, _), message in zip(cut, messages, strict=True)
        ]
        try:
            kept = self._keep(recipient, channel, drafts, can_be_carried=tappable is None)
        except StoreUnavailable:
            # Better said once without a trace than not at all.
            _LOG.warning("answer_not_kept", channel=channel)
            self._given(cause, channel)
            return provider.answer(call, said.texts, said.is_open)
        self._given(cause, channel)
        if kept.waiting:
            self._have_drained(channel)
        for draft in drafts[: len(kept.at_once)]:
            SEGMENTS.labels(channel, draft.purpose).inc(draft.segments)
        reports = [report_address(self._public_url, channel, one) for one in kept.at_once]
        return messenger.carry(
            [
                Outgoing(message.number, message.text, report=report)
                for message, report in zip(messages, reports, strict=False)
            ]
        )

    def _keep(
        self, recipient: str, channel: str, drafts: list[Draft], can_be_carried: bool
    ) -> Kept:
        if not can_be_carried:
            return self._outbox.answer(recipient, channel, drafts, None)
        unconfirmed = self._outbox.unconfirmed(recipient, channel)
        confirmed = self._told(unconfirmed) if unconfirmed else set()
        confirm_by = datetime.now(UTC) + self._confirm
        return self._outbox.answer(recipient, channel, drafts, confirm_by, confirmed)

    def _told(self, ids: list[int]) -> set[int]:
        """Those of them that a provider told of, and whose report may not have been read yet."""
        try:
            marks = cast("list[bytes | None]", self._store.mget([told_key(one) for one in ids]))
        except redis.RedisError:
            return set()
        return {one for one, mark in zip(ids, marks, strict=True) if mark is not None}

    def _given(self, cause: str, channel: str) -> None:
        try:
            self._memories.given(cause)
        except redis.RedisError as fault:
            # Of one cause a text stands in the outbox once.
            _LOG.warning("owed_not_forgotten", channel=channel, fault=type(fault).__name__)

    def _have_drained(self, channel: str) -> None:
        try:
            self._later.drain()
        except StoreUnavailable:
            # The schedule finds it.
            _LOG.warning("task_not_queued", channel=channel)


def _messenger(provider: Provider) -> Messenger | None:
    return cast("Messenger", provider) if _is_messenger(type(provider)) else None


@cache
def _is_messenger(kind: type) -> bool:
    # Asked of every object anew, it would take longer than reading a webhook.
    return issubclass(kind, Messenger)
