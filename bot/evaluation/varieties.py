"""How well each variety is understood: four numbers, each with its 95 % interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.drawing import Drawing
from evaluation.intervals import Interval, resampled, wilson
from evaluation.scores import OUT_OF_SCOPE, Line, macro_f1

_LEFT, _TOP, _ROW, _PANEL, _GAP = 150, 128, 32, 216, 74
_EVERYTHING = "all"


@dataclass(frozen=True)
class Measured:
    """A number between 0 and 1 with its 95 % interval."""

    value: float
    interval: Interval


def _shared(part: Sequence[Line], whole: Sequence[Line]) -> Measured:
    return Measured(len(part) / len(whole) if whole else 0.0, wilson(len(part), len(whole)))


def accuracy(lines: Sequence[Line], threshold: float) -> Measured:
    """The share of messages understood."""
    return _shared([line for line in lines if line.is_right(threshold)], lines)


def rare_and_frequent(lines: Sequence[Line], threshold: float) -> Measured:
    """The mean of the intents' F1."""
    return Measured(
        macro_f1(lines, threshold), resampled(lines, lambda drawn: macro_f1(drawn, threshold))
    )


def accepted(lines: Sequence[Line], threshold: float) -> Measured:
    """Of the messages that are acted on, the share understood."""
    kept = [line for line in lines if line.is_accepted(threshold)]
    return _shared([line for line in kept if line.intent == line.guessed], kept)


def asked_again(lines: Sequence[Line], threshold: float) -> Measured:
    """Of the messages within scope, the share that falls back."""
    within = [line for line in lines if line.intent != OUT_OF_SCOPE]
    return _shared([line for line in within if not line.is_accepted(threshold)], within)


PANELS: tuple[tuple[str, str, Callable[[Sequence[Line], float], Measured]], ...] = (
    ("Accuracy", "understood, of all", accuracy),
    ("Macro-F1", "every intent weighs the same", rare_and_frequent),
    ("Right when accepted", "of those acted on", accepted),
    ("Asked again", "of those within scope; less is better", asked_again),
)


def draw_varieties(by_file: Mapping[str, Sequence[Line]], threshold: float) -> str:
    """The four numbers of every file and of all, as SVG.

    Dots with intervals, not bars: a bar must begin at zero, and there 90 and 95 % look the same.
    """
    everything = [line for lines in by_file.values() for line in lines]
    groups: dict[str, Sequence[Line]] = {**by_file, _EVERYTHING: everything}
    measured = [[of(lines, threshold) for lines in groups.values()] for _, _, of in PANELS]
    height = _TOP + _ROW * len(groups) + 72
    width = _LEFT + len(PANELS) * (_PANEL + _GAP) - _GAP + 76
    picture = Drawing(
        width, height, "How well each variety is understood", _described(groups, measured)
    )
    picture.text(
        (24, 60), "Dot: as measured. Line: 95 % interval; more lines would make it shorter.", "soft"
    )
    for place, name in enumerate(groups):
        y = _TOP + (place + 0.5) * _ROW
        picture.text((_LEFT - 16, y + 5), name, "head" if name == _EVERYTHING else "", "end")
        picture.text((24, y + 5), len(groups[name]), "soft")
    picture.text((24, _TOP - 10), "lines", "soft")
    for column, (title, meaning, _) in enumerate(PANELS):
        x = _LEFT + column * (_PANEL + _GAP)
        picture.text((x, _TOP - 30), title, "head")
        picture.text((x, _TOP - 12), meaning, "soft")
        _draw_panel(picture, x, measured[column], list(groups), title)
    return picture.svg()


def _draw_panel(
    picture: Drawing, left: float, column: list[Measured], names: list[str], title: str
) -> None:
    bottom = _TOP + _ROW * len(column)
    low, high = _axis(column)

    def across(value: float) -> float:
        return left + _PANEL * (value - low) / (high - low)

    for tick in range(round(10 * low), round(10 * high) + 1):
        x = across(tick / 10)
        picture.line([(x, _TOP), (x, bottom)], "grid")
        picture.text((x, bottom + 20), f"{10 * tick}", "soft", "middle")
    picture.text((left + _PANEL / 2, bottom + 42), "%", "soft", "middle")
    for place, (name, one) in enumerate(zip(names, column, strict=True)):
        y = _TOP + (place + 0.5) * _ROW
        ends = across(one.interval[0]), across(one.interval[1])
        picture.line([(ends[0], y), (ends[1], y)], "bar")
        for end in ends:
            picture.line([(end, y - 4), (end, y + 4)], "bar")
        kind = "blue" if name == _EVERYTHING else "green"
        picture.dot((across(one.value), y), kind, f"{title}, {name}: {_said(one)}")
        words = "head" if name == _EVERYTHING else ""
        picture.text((left + _PANEL + 10, y + 5), f"{100 * one.value:.1f}", words)


def _axis(column: Sequence[Measured]) -> Interval:
    """The tens between which all intervals lie."""
    low = min(one.interval[0] for one in column)
    high = max(one.interval[1] for one in column)
    first, last = int(10 * low), min(10, int(10 * high) + 1)
    return first / 10, max(last, first + 1) / 10


def _said(one: Measured) -> str:
    low, high = one.interval
    return f"{100 * one.value:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _described(groups: Mapping[str, Sequence[Line]], measured: list[list[Measured]]) -> str:
    said = []
    for (title, _, _), column in zip(PANELS, measured, strict=True):
        values = ", ".join(
            f"{name} {100 * one.value:.1f}" for name, one in zip(groups, column, strict=True)
        )
        said.append(f"{title} in per cent: {values}.")
    return " ".join(said)
