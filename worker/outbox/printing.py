"""What an operator reads of messages and submissions, in English. No I/O.

No number and no text stands in it, only under which keyed hash a number is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from core.outgoing import ErrorCode
from records.dead_letters import Count, Letter
from records.media import Paper
from records.submissions import Standing

_KEY: Final = 8
_COLUMNS: Final = "{:>8}  {:<10} {:<8} {:<9} {:<12} {:<12} {:>8} {:>5} {:>4}  {}"


def letter_lines(letters: Iterable[Letter], now: datetime) -> Iterator[str]:
    """One line for each message."""
    yield _COLUMNS.format(
        *("id", "channel", "purpose", "state", "status", "code"), "age", "tries", "sms", "citizen"
    )
    for one in letters:
        yield _COLUMNS.format(
            one.id,
            one.channel[:10],
            one.purpose[:8],
            one.state,
            one.status[:12] or "-",
            one.code[:12] or "-",
            age(now - one.created),
            one.attempts,
            one.segments or "-",
            one.number_key[:_KEY],
        )


def shown_lines(one: Letter, error: ErrorCode | None, now: datetime) -> Iterator[str]:
    """One message, with what its code means."""
    yield f"message {one.id} on {one.channel}, {one.purpose}"
    yield f"  state     {one.state}" + (f", the provider says {one.status}" if one.status else "")
    yield f"  age       {age(now - one.created)}, tried {one.attempts} times"
    if one.state == "queued":
        yield f"  next try  {age(one.not_before - now) if one.not_before > now else 'now'}"
    if one.segments:
        yield f"  SMS       {one.segments}"
    yield f"  citizen   {one.number_key}"
    yield f"  content   {'kept, sealed' if one.has_content else 'destroyed'}"
    if one.code:
        yield f"  code      {one.code}"
    if error is not None:
        yield f"            {error.says}"
        yield f"            remedy: {error.remedy}"


def count_lines(counts: Iterable[Count], now: datetime) -> Iterator[str]:
    """How many messages there are of each kind."""
    form = "{:<10} {:<9} {:<14} {:>8} {:>8} {:>8}"
    yield form.format("channel", "state", "code", "messages", "sms", "oldest")
    for one in counts:
        yield form.format(
            one.channel[:10],
            one.state,
            one.code[:14] or "-",
            one.count,
            one.segments or "-",
            age(now - one.oldest),
        )


def standing_lines(standings: Iterable[Standing], now: datetime) -> Iterator[str]:
    """One line for each submission."""
    form = "{:<16} {:<12} {:<16} {:<8} {:>8} {:>5}  {}"
    yield form.format("reference", "kind", "programme", "state", "age", "tries", "last error")
    for one in standings:
        passed = age(now - one.created)
        yield form.format(
            one.reference,
            one.kind,
            one.programme[:16],
            one.state,
            passed,
            one.attempts,
            one.last_error or "-",
        )


def paper_lines(papers: Iterable[Paper], now: datetime) -> Iterator[str]:
    """One line for each file on its way to the register."""
    form = "{:<16} {:<16} {:>10} {:>8} {:>5}  {}"
    yield form.format("reference", "kind", "bytes", "age", "tries", "last error")
    for one in papers:
        yield form.format(
            one.reference,
            one.content_type,
            one.size,
            age(now - one.created),
            one.attempts,
            one.last_error or "-",
        )


def as_json(things: Iterable[Letter | Count | Standing | Paper]) -> str:
    """The same for programs."""
    return json.dumps([_plain(asdict(one)) for one in things], indent=2)


def age(passed: timedelta) -> str:
    """A span of time in its largest unit: 3d, 5h, 12m, 40s."""
    seconds = max(int(passed.total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in value.items()}
