"""What the score tells: how messages within and out of scope score, and what a threshold costs."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.drawing import Drawing, Point
from evaluation.scores import OUT_OF_SCOPE, Line, score

_BINS = 20
_LEFT, _WIDTH, _TOP, _HALF = 86, 780, 112, 130
_BELOW, _CURVES = 494, 200
_MOST = 0.9


def draw_scores(lines: Sequence[Line], threshold: float) -> str:
    """Two panels as SVG: a histogram of the scores, and three shares by threshold."""
    within = [line for line in lines if line.intent != OUT_OF_SCOPE]
    outside = [line for line in lines if line.intent == OUT_OF_SCOPE]
    picture = Drawing(
        _LEFT + _WIDTH + 214,
        _BELOW + _CURVES + 66,
        "What the score tells",
        f"Above: {len(within)} messages within scope score high, {len(outside)} out of scope score "
        f"low; the threshold stands at {threshold}. Below: what each threshold would cost. "
        + _costs_said(within, outside, threshold),
    )
    picture.text(
        (24, 60),
        "A message taken for out of scope scores 0. The number is a count, the height its root.",
        "soft",
    )
    _draw_histogram(picture, within, outside)
    _draw_curves(picture, within, outside)
    x = _across(threshold)
    picture.line([(x, _TOP - 14), (x, _TOP + 2 * _HALF + 8)], "threshold")
    picture.line([(x, _BELOW - 14), (x, _BELOW + _CURVES)], "threshold")
    picture.text((x + 8, _TOP - 4), f"threshold {threshold}", "soft")
    for value in range(0, 11, 2):
        for y in (_TOP + 2 * _HALF + 24, _BELOW + _CURVES + 20):
            picture.text((_across(value / 10), y), value / 10, "soft", "middle")
    picture.text((_LEFT + _WIDTH / 2, _TOP + 2 * _HALF + 46), "score", "soft", "middle")
    picture.text((_LEFT + _WIDTH / 2, _BELOW + _CURVES + 42), "threshold", "soft", "middle")
    return picture.svg()


def _across(value: float) -> float:
    return _LEFT + _WIDTH * value


def _draw_histogram(picture: Drawing, within: list[Line], outside: list[Line]) -> None:
    middle = _TOP + _HALF
    right = [line for line in within if line.intent == line.guessed]
    wrong = [line for line in within if line.intent != line.guessed]
    rights, wrongs, others = _counts(right), _counts(wrong), _counts(outside)
    inside, out = max(len(within), 1), max(len(outside), 1)
    tallest = max(
        *((a + b) / inside for a, b in zip(rights, wrongs, strict=True)),
        *(n / out for n in others),
        0.01,
    )
    step = _WIDTH / _BINS
    for place in range(_BINS):
        x = _LEFT + place * step + 1.5
        span = f"{place / _BINS:.2f} to {(place + 1) / _BINS:.2f}"
        total = rights[place] + wrongs[place]
        up = _height(total / inside / tallest)
        high = up * rights[place] / max(total, 1)
        down = _height(others[place] / out / tallest)
        tip = f"score {span}: {rights[place]} right, {wrongs[place]} wrong within scope"
        picture.box((x, middle - high), (step - 3, high), "green", tip=tip)
        picture.box((x, middle - up), (step - 3, up - high), "red", tip=tip)
        tip = f"score {span}: {others[place]} out of scope"
        picture.box((x, middle), (step - 3, down), "blue", 0.8, tip)
        if total:
            picture.text((x + step / 2 - 1.5, middle - up - 4), total, "soft small", "middle")
        if others[place]:
            at = (x + step / 2 - 1.5, middle + down + 13)
            picture.text(at, others[place], "soft small", "middle")
    picture.line([(_LEFT, middle), (_LEFT + _WIDTH, middle)], "axis")
    x = _LEFT + _WIDTH + 24
    picture.text((x, middle - 74), "within scope", "head")
    _key(picture, (x, middle - 52), "green", f"{len(right)} right")
    _key(picture, (x, middle - 30), "red", f"{len(wrong)} taken for another")
    picture.text((x, middle + 40), "out of scope", "head")
    _key(picture, (x, middle + 62), "blue", f"{len(outside)} messages")


def _draw_curves(picture: Drawing, within: list[Line], outside: list[Line]) -> None:
    bottom = _BELOW + _CURVES
    picture.text((24, _BELOW - 40), "What a threshold would cost", "head")
    for tick in range(0, 101, 25):
        y = bottom - _CURVES * tick / 100
        picture.line([(_LEFT, y), (_LEFT + _WIDTH, y)], "grid")
        picture.text((_LEFT - 10, y + 4), f"{tick} %", "soft", "end")
    steps = [step / 100 for step in range(1, 100)]
    costs = [_costs(within, outside, step) for step in steps]
    names = (
        ("to-green", "right, of those", "accepted"),
        ("to-blue", "turned away, of", "those out of scope"),
        ("to-red", "asked again, of", "those within scope"),
    )
    for curve, (kind, first, second) in enumerate(names):
        points: list[Point] = [
            (_across(step), bottom - _CURVES * cost[curve])
            for step, cost in zip(steps, costs, strict=True)
        ]
        picture.line(points, kind)
        x, y = _LEFT + _WIDTH + 24, _BELOW + 16 + 64 * curve
        picture.line([(x, y - 4), (x + 34, y - 4)], kind)
        picture.text((x + 44, y), first, "soft")
        picture.text((x + 44, y + 16), second, "soft")


def _height(share: float) -> float:
    """The height of a bar: the root of its share, so that the few in the middle are seen."""
    return float(_HALF * _MOST * share**0.5)


def _key(picture: Drawing, at: Point, kind: str, words: str) -> None:
    picture.box((at[0], at[1] - 11), (14, 14), kind)
    picture.text((at[0] + 22, at[1]), words, "soft")


def _counts(lines: Sequence[Line]) -> list[int]:
    counts = [0] * _BINS
    for line in lines:
        counts[min(int(score(line) * _BINS), _BINS - 1)] += 1
    return counts


def _costs(
    within: Sequence[Line], outside: Sequence[Line], threshold: float
) -> tuple[float, float, float]:
    """Shares: of the accepted right, of out of scope turned away, of within scope asked again."""
    kept = [line for line in (*within, *outside) if line.is_accepted(threshold)]
    right = sum(line.intent == line.guessed for line in kept)
    away = sum(score(line) < threshold for line in outside)
    again = sum(not line.is_accepted(threshold) for line in within)
    return (
        right / len(kept) if kept else 1.0,
        away / len(outside) if outside else 1.0,
        again / len(within) if within else 0.0,
    )


def _costs_said(within: Sequence[Line], outside: Sequence[Line], threshold: float) -> str:
    right, away, again = (100 * share for share in _costs(within, outside, threshold))
    return (
        f"At {threshold}, {right:.1f} % of the accepted messages are right, {away:.1f} % of those "
        f"out of scope are turned away, and {again:.1f} % of those within scope are asked again."
    )
