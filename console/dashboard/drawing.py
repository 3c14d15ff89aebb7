"""Pictures of tables as SVG, drawn here, in the direction of the page: no script, no style.

Every picture has a title; its table stands beside it and holds the same numbers as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from console.dashboard.tables import Cell, Table

_WIDTH: Final = 420
_HEIGHT: Final = 200
_BASE: Final = 24
_TOP: Final = 16
_ROW: Final = 40
_BAR: Final = 14
_MOST_LABELS: Final = 7
_LABEL: Final = 44


def draw(table: Table, title: str, is_rtl: bool) -> Markup:
    """The picture of a table."""
    if table.picture == "columns":
        height, inside = _HEIGHT, _columns(table, is_rtl)
    else:
        height, inside = _bars(table, is_rtl)
    name = f"picture-{table.key}"
    head = Markup(
        '<svg class="picture" role="img" aria-labelledby="{name}" viewBox="0 0 {width} {height}" '
        'direction="ltr" xmlns="http://www.w3.org/2000/svg"><title id="{name}">{title}</title>'
    ).format(name=name, width=_WIDTH, height=height, title=title)
    return head + Markup("").join(inside) + Markup("</svg>")


def number(value: Cell) -> str:
    """A number as it stands beside a bar: thousands apart, at most one digit behind the point."""
    if value is None:
        return "–"
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return text.replace(",", " ").replace(".", ",").removesuffix(",0")


def _columns(table: Table, is_rtl: bool) -> list[Markup]:
    lines = _drawn(table)
    highest = max((_stacked(table, cells) for _, cells in lines), default=0) or 1
    step = (_WIDTH - _LABEL) / max(len(lines), 1)
    width, every = max(step * 0.72, 1.0), -(-len(lines) // _MOST_LABELS) or 1
    room = _HEIGHT - _BASE - _TOP
    drawn = [
        _line(_TOP + room * part / 2, number(round(highest * (2 - part) / 2)), is_rtl)
        for part in (0, 1, 2)
    ]
    for place, (label, cells) in enumerate(lines):
        left = _LABEL + place * step + (step - width) / 2
        foot = float(_HEIGHT - _BASE)
        for series, column in enumerate(table.drawn):
            high = room * (cells[column] or 0) / highest
            foot -= high
            drawn.append(_rect(left, foot, width, high, series, is_rtl))
        if place % every == 0:
            # Of a week its day alone, for want of room.
            day = label.rpartition(" ")[2]
            drawn.append(_text(left + width / 2, _HEIGHT - 7, day, "middle", is_rtl))
    return drawn


def _bars(table: Table, is_rtl: bool) -> tuple[int, list[Markup]]:
    thick = _BAR if len(table.drawn) == 1 else _BAR - 3
    row = _ROW + (len(table.drawn) - 1) * (thick + 1)
    lines = _drawn(table)
    values = [cells[column] or 0 for _, cells in lines for column in table.drawn]
    highest, room = max(values, default=0) or 1, _WIDTH - 70
    drawn = []
    for place, (label, cells) in enumerate(lines):
        top = float(place * row)
        drawn.append(_text(0, top + 13, _short(label), "start", is_rtl, True))
        for series, column in enumerate(table.drawn):
            high = top + 18 + series * (thick + 1)
            long = room * (cells[column] or 0) / highest
            drawn.append(_rect(0, high, max(long, 1.0), thick, series, is_rtl))
            beside = number(cells[column])
            drawn.append(_text(long + 6, high + thick - 2, beside, "start", is_rtl))
    return max(row * len(lines), 20), drawn


def _drawn(table: Table) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    return table.lines[: len(table.lines) - table.footing]


def _stacked(table: Table, cells: Sequence[Cell]) -> float:
    return sum(cells[column] or 0 for column in table.drawn)


def _line(y: float, label: str, is_rtl: bool) -> Markup:
    one, other = (0, _WIDTH - _LABEL) if is_rtl else (_LABEL, _WIDTH)
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>')
    return line.format(one, other, y, y) + _text(_LABEL - 6, y + 4, label, "end", is_rtl)


def _rect(x: float, y: float, width: float, height: float, series: int, is_rtl: bool) -> Markup:
    left = _WIDTH - x - width if is_rtl else x
    return Markup(
        '<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
    ).format(series % 4, left, y, width, max(height, 0.0))


def _text(
    x: float, y: float, text: str, anchor: str, is_rtl: bool, are_words: bool = False
) -> Markup:
    """A text; words run as the page does, so that their last dot stands where it must."""
    direction = "rtl" if is_rtl and are_words else "ltr"
    if is_rtl:
        x = _WIDTH - x
        if not are_words:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" direction="{}">{}</text>').format(
        x, y, anchor, direction, escape(text)
    )


def _short(label: str) -> str:
    return label if len(label) <= 58 else f"{label[:57]}…"
