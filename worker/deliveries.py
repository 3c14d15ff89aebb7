"""Sending messages: each stands in the outbox first, and leaves it in its recipient's order."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import Any, Final

import redis

from channels.deadline import Said
from channels.envelope import close_message
from channels.owed import OWED, text_cause
from channels.rendering.pieces import pieces
from core.errors import StoreUnavailable
from core.logs import log
from core.messages import ChannelKind
from core.outgoing import Outgoing, read_tappable
from core.tasks import close_task, open_task
from records.outbox import ANSWER
from worker.app import app
from worker.house import House, house
from worker.sending import Sent, put_back, send

_LOG = log(__name__)
# Longer than asking whether a message went and sending it may take together.
_LEASE_SECONDS: Final = 60.0
_LONGEST_PAUSE_SECONDS: Final = 2.0
# A channel that fails so often in a row is left alone until the next round.
_FAILURES: Final = 2
_AT_ONCE: Final = 50
# Of a channel that is not served, for as long as it is not.
_LONGEST_TEXT: Final = 1600
_PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": (StoreUnavailable,),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": None,
}


@app.task(name="worker.deliveries.deliver", **_PATIENT)
def deliver(argument: str) -> None:
    """Put a text for a number in the outbox, then send what is due."""
    given = open_task(house().seal, argument)
    message = Outgoing(
        given["number"], given["text"], tappable=read_tappable(given.get("tappable"))
    )
    cause, purpose = given.get("cause", ""), given.get("purpose", ANSWER)
    put_out(house(), given["channel"], message, cause, purpose)
    if given.get("owed"):
        house().store.hdel(OWED, given["owed"])


@app.task(name="worker.deliveries.drain", **_PATIENT)
def drain() -> None:
    """Send what is due, the oldest of each recipient first, no faster than senders may.

    After some it makes room for others, and goes on behind them.
    """
    failures: Counter[str] = Counter()
    resting: set[str] = set()
    for _ in range(_AT_ONCE):
        rows = house().outbox.lease(1, _LEASE_SECONDS, resting)
        if not rows:
            return
        [row] = rows
        pause = _pause(house(), row.channel)
        if pause:
            put_back(house(), row, pause)
            resting.add(row.channel)
            drain.apply_async(countdown=pause)
            continue
        sent = send(house(), row)
        failures[row.channel] = 0 if sent.is_answered else failures[row.channel] + 1
        if failures[row.channel] >= _FAILURES:
            resting.add(row.channel)
        _go_on(sent)
    drain.delay()


def put_out(
    house: House, channel: str, message: Outgoing, cause: str = "", purpose: str = ANSWER
) -> None:
    """Queue a message behind the recipient's others, and have the outbox drained.

    A long text goes in pieces; what can be tapped, with a text of one piece alone, which may have
    to stand in for it. Of one `cause` a text is queued once. What was held goes before an answer.
    """
    recipient = house.pseudonyms.number(message.number)
    provider = house.channels.get(channel)
    longest = provider.capabilities.longest_text if provider else _LONGEST_TEXT
    kind = provider.kind if provider else ChannelKind.SMS
    cut = pieces(message.text, longest)
    drafts = [
        close_message(
            house.seal,
            recipient,
            replace(message, text=piece, tappable=message.tappable if len(cut) == 1 else None),
            kind,
            f"{cause}:{place}" if cause else "",
            purpose,
        )
        for place, piece in enumerate(cut)
    ]
    if purpose == ANSWER:
        house.outbox.answer(recipient, channel, drafts, None)
    else:
        house.outbox.put(recipient, channel, drafts)
    drain.delay()


def hand_over(channel: str, number: str, said: Said, cause: str) -> None:
    """Put out what a turn said, or leave it to a task that does as soon as the records are back."""
    for place, text in enumerate(said.texts):
        own = text_cause(cause, place)
        try:
            put_out(house(), channel, Outgoing(number, text, tappable=said.tappable), own)
        except StoreUnavailable:
            value: dict[str, Any] = {"channel": channel, "number": number, "text": text}
            value |= {"cause": own} | ({"tappable": said.tappable} if said.tappable else {})
            deliver.delay(close_task(house().seal, value))


def _go_on(sent: Sent) -> None:
    if sent.again_in is not None:
        drain.apply_async(countdown=sent.again_in)


def _pause(house: House, channel: str) -> float:
    """0 once the sender may send, else how long it may not, where that is too long to wait here."""
    until = time.monotonic() + _LONGEST_PAUSE_SECONDS
    try:
        while wait := house.pace.take(channel):
            if time.monotonic() + wait > until:
                return wait
            time.sleep(wait)
    except redis.RedisError as fault:
        # A provider throttles by itself, and the outbox heeds it.
        _LOG.warning("pace_unknown", fault=type(fault).__name__)
    return 0.0
