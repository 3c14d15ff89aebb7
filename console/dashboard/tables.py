"""A table of figures, and the tables of what was said: volumes, services, screens, varieties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from console.dashboard.naming import Naming
from console.dashboard.period import Period
from transcripts.figures import Figure
from transcripts.varieties import VARIETIES

_MOST_SCREENS: Final = 15

Unit = Literal["count", "percent", "minutes"]
Cell = int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the key of its words, or by its own name."""

    name: str
    unit: Unit = "count"


@dataclass(frozen=True, slots=True)
class Table:
    """A table by the key of its title: lines of a label and cells; None is hidden or unknown.

    `drawn` are the columns in its picture; `footing` lines at the end, sums and means, are not.
    """

    key: str
    head: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    drawn: tuple[int, ...] = (0,)
    picture: Literal["columns", "bars"] = "bars"
    footing: int = 0

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to show."""
        return not any(cell for _, cells in self.lines for cell in cells)


Maker = Callable[[Sequence[Figure], Period, Naming], Table]


def summed(
    figures: Iterable[Figure], measure: str, by: Callable[[Figure], Any], amount: bool = False
) -> dict[Any, float]:
    """A measure's counts, or amounts, summed by something."""
    sums: dict[Any, float] = defaultdict(float)
    for one in figures:
        if one.subject.measure == measure:
            sums[by(one)] += one.amount if amount else one.count
    return sums


def share(part: float, whole: float) -> Cell:
    """A share in per cent, None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def volumes(figures: Sequence[Figure], period: Period, naming: Naming) -> Table:
    """Messages of citizens by day or week and kind of channel."""
    sums = summed(figures, "turns", lambda one: (period.begin(one.day), one.subject.kind))
    kinds = sorted({kind for _, kind in sums})
    lines = []
    for begin in period.parts():
        cells = [int(sums.get((begin, kind), 0)) for kind in kinds]
        lines.append((naming.part(begin, period), (*cells, sum(cells))))
    columns = (*(Column(naming.kind(kind)) for kind in kinds), Column(naming.say("total")))
    drawn = tuple(range(len(kinds)))
    head = naming.say("week" if period.by_week else "day")
    return Table("volumes", head, columns, tuple(lines), drawn, "columns")


def languages(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """Conversations begun and messages by language."""
    return _talked("languages", figures, naming, lambda one: one.subject.language, naming.language)


def channels(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """Conversations begun and messages by kind of channel."""
    return _talked("channels", figures, naming, lambda one: one.subject.kind, naming.kind)


def _talked(
    key: str,
    figures: Sequence[Figure],
    naming: Naming,
    by: Callable[[Figure], str],
    named: Callable[[str], str],
) -> Table:
    turns, begun = summed(figures, "turns", by), summed(figures, "conversations", by)
    order = sorted(turns, key=lambda one: -turns[one])
    lines = tuple((named(one), (int(begun.get(one, 0)), int(turns[one]))) for one in order)
    columns = (Column(naming.say("conversations_begun")), Column(naming.say("messages")))
    return Table(key, naming.say(f"{key}_head"), columns, lines, (1,))


def services(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """How many began a service, came to its end, left it on the way."""
    sums = summed(figures, "services", lambda one: (one.subject.name, one.subject.detail))
    names = sorted({name for name, _ in sums}, key=lambda name: -sums[name, "begun"])
    lines = []
    for name in names:
        begun, done, left = (int(sums[name, end]) for end in ("begun", "done", "left"))
        lines.append((naming.meaning(name), (begun, done, left, share(done, begun))))
    words = (naming.say(f"service_{end}") for end in ("begun", "done", "left"))
    columns = (*(Column(word) for word in words), Column(naming.say("share_done"), "percent"))
    return Table("services", naming.say("service"), columns, tuple(lines), (1, 2))


def screens(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """The screens at which most services are left."""
    sums = summed(figures, "screens", lambda one: (one.subject.name, one.subject.detail))
    ends = {name for name, end in sums if end == "left"}
    names = sorted(ends, key=lambda name: (-sums[name, "left"], name))
    lines = []
    for name in names[:_MOST_SCREENS]:
        shown, left = (int(sums[name, end]) for end in ("shown", "left"))
        lines.append((naming.screen(name), (shown, left, share(left, shown))))
    columns = (
        Column(naming.say("screen_shown")),
        Column(naming.say("service_left")),
        Column(naming.say("share_left"), "percent"),
    )
    return Table("screens", naming.say("screen"), columns, tuple(lines), (1,))


def understanding(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """Messages in words by variety, and how many of them were not understood."""
    sums = summed(figures, "words", lambda one: (one.subject.language, one.subject.name))
    lines = []
    for variety in VARIETIES:
        fallback = int(sums[variety, "fallback"])
        said = fallback + int(sums[variety, "understood"])
        if said:
            lines.append((naming.variety(variety), (said, fallback, share(fallback, said))))
    columns = (
        Column(naming.say("messages_in_words")),
        Column(naming.say("fallbacks")),
        Column(naming.say("share_fallback"), "percent"),
    )
    return Table("understanding", naming.say("variety"), columns, tuple(lines), (2,))


def reviewed(figures: Sequence[Figure], _: Period, naming: Naming) -> Table:
    """Of the messages that staff reviewed, how many had been understood; apart, those drawn."""
    sums = summed(figures, "reviewed", lambda one: (one.subject.language, one.subject.name))
    lines = []
    for variety in VARIETIES:
        settled, right, drawn, drawn_right = (
            int(sums[variety, name]) for name in ("settled", "right", "drawn", "drawn_right")
        )
        if settled:
            cells = (settled, share(right, settled), drawn, share(drawn_right, drawn))
            lines.append((naming.variety(variety), cells))
    columns = (
        Column(naming.say("reviewed_count")),
        Column(naming.say("reviewed_right"), "percent"),
        Column(naming.say("drawn_count")),
        Column(naming.say("drawn_right"), "percent"),
    )
    return Table("reviewed", naming.say("variety"), columns, tuple(lines), (1,))
