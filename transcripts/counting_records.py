"""Counting the records for figures: what was sent, asked for and handed in, and each emergency.

What may still change is counted anew each time and put in the place of its count of before, so that
a round that is done twice, or not done, changes no figure for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Final

import orjson

from records.clock import Clock, utc_now
from records.counts import Count, Counts
from records.database import Database
from records.emergencies import Emergencies, EmergencyState
from records.invitations import Invitations
from transcripts.figures import ZONE, Counted, Figures, Subject, midnight

# How many days what became of a message, a request or an application may still change.
_DELIVERIES: Final = 3
_OTHERS: Final = 31

Days = dict[date, dict[Subject, Counted]]


def count_records(records: Database, figures: Figures, clock: Clock = utc_now) -> None:
    """Count all of the last days anew. Raises StoreUnavailable."""
    counts, today = Counts(records), clock().astimezone(ZONE).date()
    for measure, read, days in (
        ("deliveries", counts.deliveries, _DELIVERIES),
        ("handovers", counts.handovers, _OTHERS),
        ("ratings", counts.ratings, _OTHERS),
        ("applications", counts.applications, _OTHERS),
    ):
        first = today - timedelta(days=days)
        figures.replace_since(measure, first, _by_day(measure, read(midnight(first))))
    figures.replace_since("emergencies", date.min, _emergencies(records, clock))


def _by_day(measure: str, counts: Iterable[Count]) -> Days:
    days: Days = defaultdict(lambda: defaultdict(Counted))
    for one in counts:
        subject = Subject(measure, one.kind, one.language, one.name, one.detail)
        days[one.hour.astimezone(ZONE).date()][subject].add(one.amount, one.count)
    return days


def _emergencies(records: Database, clock: Clock) -> Days:
    days: Days = defaultdict(dict)
    invitations = Invitations(records, clock)
    for one in Emergencies(records, clock).all():
        totals = orjson.loads(one.totals) if one.totals else None
        if totals is None and one.state != EmergencyState.PROPOSED:
            totals = asdict(invitations.counts(one.key))
        for detail, number in (totals or {}).items():
            subject = Subject("emergencies", "", "", one.key, detail)
            days[one.starts.astimezone(ZONE).date()][subject] = Counted(int(number))
    return days
