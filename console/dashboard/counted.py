"""The tables of what was sent, of those who asked for a person, and of emergencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from console.dashboard.naming import Naming
from console.dashboard.period import Period
from console.dashboard.tables import Column, Table, share, summed
from records.counts import BANDS, LONGER
from transcripts.figures import Figure

FATES: Final = ("arrived", "sent", "waiting", "failed", "dead")
_STEPS: Final = ("invited", "reached", "waiting", "failed", "answered", "applied")
_MOST_CODES: Final = 15


def deliveries(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """What became of messages, by channel."""
    sums = summed(figures, "deliveries", lambda one: (one.subject.kind, one.subject.name))
    lines = []
    for channel in sorted({channel for channel, _ in sums}):
        cells = [int(sums[channel, fate]) for fate in FATES]
        lost = cells[3] + cells[4]
        lines.append((naming.kind(channel), (*cells, share(lost, sum(cells)))))
    columns = (
        *(Column(naming.say(f"fate_{fate}")) for fate in FATES),
        Column(naming.say("share_lost"), "percent"),
    )
    return Table("deliveries", naming.say("channels_head"), columns, tuple(lines), (3, 4))


def failures(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """Messages that did not arrive, by the provider's code."""
    lost = [one for one in figures if one.subject.name in ("failed", "dead")]
    sums = summed(lost, "deliveries", lambda one: one.subject.detail)
    order = sorted(sums, key=lambda code: (-sums[code], code))[:_MOST_CODES]
    lines = tuple((code or naming.say("code_none"), (int(sums[code]),)) for code in order)
    return Table("failures", naming.say("code_head"), (Column(naming.say("messages")),), lines)


def waiting(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """How long those who asked for a person waited for the first answer, and for the end."""
    sums = summed(figures, "handovers", lambda one: (one.subject.name, one.subject.detail))
    seconds = summed(figures, "handovers", lambda one: one.subject.name, amount=True)
    lines: list[tuple[str, tuple[int | float | None, ...]]] = []
    for name in (*(name for name, _ in BANDS), LONGER):
        cells = tuple(int(sums[moment, name]) for moment in ("answered", "settled"))
        lines.append((naming.say(f"band_{name}"), cells))
    whole = [sum(cells[place] or 0 for _, cells in lines) for place in (0, 1)]
    means = tuple(
        round(seconds[moment] / 60 / count, 1) if count else None
        for moment, count in zip(("answered", "settled"), whole, strict=True)
    )
    lines.append((naming.say("mean_minutes"), means))
    columns = (Column(naming.say("first_answer_head")), Column(naming.say("resolved_head")))
    return Table("waiting", naming.say("waited"), columns, tuple(lines), (0, 1), footing=1)


def satisfaction(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """What citizens said of the help they got from a person."""
    sums = summed(figures, "ratings", lambda one: one.subject.name)
    whole = sum(sums.values())
    lines = tuple(
        (naming.say(f"rating_{rating}"), (int(sums[rating]), share(sums[rating], whole)))
        for rating in ("1", "2", "3")
    )
    columns = (Column(naming.say("answers")), Column(naming.say("share"), "percent"))
    return Table("satisfaction", naming.say("rating"), columns, lines, (0,))


def emergencies(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """How far each emergency came: of all it invited, whenever that was."""
    sums = summed(figures, "emergencies", lambda one: (one.subject.name, one.subject.detail))
    lines = tuple(
        (key, tuple(int(sums[key, step]) for step in _STEPS))
        for key in sorted({key for key, _ in sums})
    )
    columns = tuple(Column(naming.say(f"reach_{step}")) for step in _STEPS)
    return Table("emergencies", naming.say("emergency"), columns, lines, (0, 1, 5))
