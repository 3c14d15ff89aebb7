"""Notices: a change the registry reports is told once to each person who agreed, not at night.

A notice waits in the records until it may be told; only then it is decided where and in which
words, for a number may have refused messages meanwhile.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import redis
from sqlalchemy.orm import Session

from actions.registry.shapes import EventKind, RegistryEvent
from core.editions import NOTICE
from core.errors import RegistryError, StoreUnavailable, TokenRefused
from core.logs import log
from core.tasks import open_task
from records.notices import LeasedNotice, notice_context
from worker import deliveries
from worker.app import app
from worker.house import House, house
from worker.letters import Letterbox, find_letterbox, post
from worker.sayings import say_arrived, say_event, say_paper, say_refused

_LOG = log(__name__)
_LEASE_SECONDS: Final = 60.0
_AT_ONCE: Final = 20
_PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": (StoreUnavailable, redis.RedisError),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": None,
}
_LONGEST_CODES: Final = 512


class NotYetKept(Exception):
    """Nobody has the subscription that was told of."""


# Whom a notice goes to, in what words.
_Addressed = tuple[str, Letterbox, str]


@app.task(name="worker.notices.take", **_PATIENT)
def take(argument: str) -> None:
    """Keep a change the registry reported, where its person agreed to be told, until it is told."""
    given = open_task(house().seal, argument)
    person_key = house().pseudonyms.person(given["idcs"])
    if not house().followers.of(person_key):
        _LOG.info("notice_for_nobody", kind=given["kind"])
        return
    event_key = house().pseudonyms.event("notice:" + given["event_id"])
    add(house(), event_key, person_key, {"event": given})
    tell.delay()


@app.task(name="worker.notices.tell", **_PATIENT)
def tell() -> None:
    """Tell all that is due."""
    while rows := house().notices.lease(_AT_ONCE, _LEASE_SECONDS):
        for row in rows:
            _tell(house(), row)
        deliveries.drain.delay()


@app.task(
    name="worker.notices.unsubscribe",
    autoretry_for=(RegistryError,),
    retry_backoff=60,
    retry_backoff_max=3600,
    max_retries=48,
)
def unsubscribe(argument: str) -> None:
    """Ask the registry to tell us no more of a person."""
    house().registry.unsubscribe(open_task(house().seal, argument)["subscription"])


@app.task(
    name="worker.notices.subscribed",
    autoretry_for=(StoreUnavailable, NotYetKept),
    retry_backoff=5,
    retry_backoff_max=600,
    max_retries=12,
    throws=(NotYetKept,),
)
def subscribed(argument: str) -> None:
    """Know a subscription by the codes that the registry gave it after it had acknowledged it."""
    given = open_task(house().seal, argument)
    if len(given["subscription"]) > _LONGEST_CODES:
        _LOG.error("subscription_codes_too_long")
        return
    if not house().followers.renamed(given["correlation"], given["subscription"]):
        raise NotYetKept  # told before the agreement was kept, or it has ended since


def add(
    house: House,
    event_key: str,
    person_key: str,
    value: dict[str, Any],
    is_urgent: bool = False,
    within: Session | None = None,
) -> None:
    """Keep a notice, for the end of the quiet hours or, where it `is_urgent`, for now.

    `value` holds either an `event` of the registry for its person, or what became of something
    handed in from the number `number_key`: `reference`, and `registry_reference`, `reason`, or
    `paper` where a file that came with it was not taken.
    """
    now = datetime.now(UTC)
    value = {**value, "is_urgent": is_urgent}
    sealed = house.seal.close(NOTICE.dumps(value), notice_context(event_key, person_key))
    due = now if is_urgent else house.quiet.next_open(now)
    house.notices.add(event_key, person_key, sealed, due, within)


def _tell(house: House, row: LeasedNotice) -> None:
    try:
        value = _opened(house, row)
        now = datetime.now(UTC)
        due = house.quiet.next_open(now)
        if due > now and not value["is_urgent"]:
            house.notices.wait(row.id, due, row.attempts)
            return
        to = _addressed_event(house, row, value) if "event" in value else _addressed(house, value)
    except (TokenRefused, KeyError, TypeError, ValueError) as fault:
        # It can never be told, and must not keep the others from it.
        house.notices.dropped(row.id, "unreadable")
        _LOG.error("notice_unreadable", fault=type(fault).__name__)
        return
    if to is None:
        house.notices.dropped(row.id, "nobody")
        return
    number_key, box, text = to
    with house.database.session() as session:
        if house.notices.told(row.id, box.kind.value, session):
            post(house, box, text, session)
            house.audit.append(
                "disclosure.notice", row.person_key, number_key, box.kind.value, {}, session
            )
    _LOG.info("notice_told", channel=box.channel)


def _opened(house: House, row: LeasedNotice) -> dict[str, Any]:
    context = notice_context(row.event_key, row.person_key)
    value: dict[str, Any] = NOTICE.loads(house.seal.open(row.sealed, context))
    return value


def _addressed_event(house: House, row: LeasedNotice, value: dict[str, Any]) -> _Addressed | None:
    """The number on which its person was last verified, of those that may be written to."""
    event = _read_event(value["event"])
    for follower in house.followers.of(row.person_key):
        box = find_letterbox(house, follower.number_key, may_wait=True)
        if box is not None:
            text = say_event(event, follower.detail, house.programmes, house.catalogs, box.language)
            return follower.number_key, box, text
    return None


def _addressed(house: House, value: dict[str, Any]) -> _Addressed | None:
    """The number that something was handed in from."""
    number_key, reference = value["number_key"], value["reference"]
    box = find_letterbox(house, number_key, may_wait=True)
    if box is None:
        return None
    if "paper" in value:
        text = say_paper(reference, house.catalogs, box.language)
    elif "reason" in value:
        text = say_refused(reference, value["reason"], house.catalogs, box.language)
    else:
        received = value["registry_reference"]
        text = say_arrived(reference, received, house.catalogs, box.language)
    return number_key, box, text


def _read_event(value: dict[str, Any]) -> RegistryEvent:
    return RegistryEvent(
        **{
            **value,
            "kind": EventKind(value["kind"]),
            "happened_on": datetime.fromisoformat(value["happened_on"]),
        }
    )
