"""What a new house has handed in, sent and invited to, so that the dashboard has something to show.

Made up, settled and of nobody: nothing of it is waited for, sent or asked for again.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

import orjson

from core.regions import REGIONS
from records.database import Database
from records.tables import EmergencyRow, OutboxMessage, SubmissionRow
from transcripts.counting import Counting
from transcripts.counting_records import count_records
from transcripts.figures import Figures

_PROGRAMMES: Final = ("asd", "asd", "amo_tadamon", "tayssir")
_LANGUAGES: Final = ("ary", "ary", "fr", "ar", "zgh")
_AREAS: Final = ("urban", "urban", "rural")
# How a message ends, and its provider's code.
_ENDS: Final = (
    *((("delivered", ""),) * 14),
    *((("read", ""),) * 6),
    *((("undelivered", "30005"),) * 2),
    ("undelivered", "30003"),
    ("failed", "63016"),
)
_DAYS: Final = 20
_REACH: Final = {
    "invited": 1840,
    "reached": 1702,
    "waiting": 0,
    "failed": 138,
    "answered": 655,
    "applied": 412,
    "applied_uninvited": 37,
}


def fill(records: Database, now: datetime, count: int, seed: int = 7) -> None:
    """Write so many applications, three times as many messages, and an emergency that is over."""
    chance = random.Random(seed)  # nosec B311
    with records.session() as session:
        for number in range(count):
            session.add(_submission(chance, number, _moment(chance, now)))
        for number in range(3 * count):
            session.add(_message(chance, number, _moment(chance, now)))
        session.add(_emergency(now))


def count_all(transcripts: Database, records: Database) -> None:
    """Count all that was made, as the worker will."""
    counting = Counting(transcripts)
    # The latest hours stay to be counted again; what is older is taken away as it is counted.
    while counting.refresh() > 12:
        pass
    count_records(records, Figures(transcripts))


def _moment(chance: random.Random, now: datetime) -> datetime:
    return now - timedelta(minutes=chance.randrange(10, _DAYS * 1440))


def _submission(chance: random.Random, number: int, at: datetime) -> SubmissionRow:
    # Some regions have few, so that something is to be hidden.
    region = chance.choices(list(REGIONS), weights=[*range(len(REGIONS), 0, -1)])[0]
    is_refused = chance.random() < 0.08
    return SubmissionRow(
        idempotency_key=f"demo-{number}",
        reference=f"demo-{number}",
        person_key=f"demo-{number}",
        number_key=f"demo-{number}",
        kind="application",
        programme=chance.choice(_PROGRAMMES),
        sealed=b"",
        state="refused" if is_refused else "sent",
        created=at,
        not_before=at,
        settled=at + timedelta(seconds=chance.randrange(1, 90)),
        language=chance.choice(_LANGUAGES),
        region=region if chance.random() < 0.95 else "",
        area=chance.choice(_AREAS),
    )


def _message(chance: random.Random, number: int, at: datetime) -> OutboxMessage:
    status, code = chance.choice(_ENDS)
    return OutboxMessage(
        recipient_key=f"demo-{number}",
        sequence=1,
        channel=chance.choice(("sms", "whatsapp")),
        sealed=b"",
        state="done",
        status=status,
        last_error=code,
        created=at,
        not_before=at,
        settled=at + timedelta(seconds=chance.randrange(2, 60)),
    )


def _emergency(now: datetime) -> EmergencyRow:
    return EmergencyRow(
        key="demo_floods",
        fingerprint="",
        plan="{}",
        starts=now - timedelta(days=40),
        ends=now - timedelta(days=12),
        rate_per_minute=60,
        budget=500_000,
        spent=184_000,
        state="stopped",
        proposed_by="Souad",
        proposed=now - timedelta(days=41),
        approved_by="Leila",
        approved=now - timedelta(days=40),
        totals=orjson.dumps(_REACH).decode(),
    )
