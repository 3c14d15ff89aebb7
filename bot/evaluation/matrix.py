"""The confusion matrix: for each intent that was meant, which was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evaluation.drawing import Drawing
from evaluation.scores import Line, understood

_CELL = 27
_LEFT, _TOP, _RIGHT, _BELOW = 176, 218, 120, 72
# Below this strength a cell would look empty.
_FAINTEST = 0.16
_DARK = 0.6


def draw_matrix(lines: Sequence[Line], threshold: float, order: Sequence[str]) -> str:
    """The matrix as SVG; `order` is that of the intents, those it lacks come last.

    A row is what was meant, a column what was understood: the top intent, before the threshold,
    except that a message out of scope that falls back counts as understood. A cell holds the
    count, its strength is the share of the row.
    """
    counts = Counter((line.intent, understood(line, threshold)) for line in lines)
    intents = _ordered(counts, order)
    side = _CELL * len(intents)
    picture = Drawing(
        _LEFT + side + _RIGHT,
        _TOP + side + _BELOW,
        "What was meant, and what was understood",
        _described(lines, counts, threshold),
    )
    picture.text((24, 60), f"{len(lines)} messages. A row is an intent as labelled,", "soft")
    picture.text((24, 78), "a column the intent that was understood.", "soft")
    for place in range(len(intents) + 1):
        x, y = _LEFT + place * _CELL, _TOP + place * _CELL
        picture.line([(x, _TOP), (x, _TOP + side)], "grid")
        picture.line([(_LEFT, y), (_LEFT + side, y)], "grid")
    for column, intent in enumerate(intents):
        at = (_LEFT + (column + 0.62) * _CELL, _TOP - 8)
        picture.text(at, intent, anchor="start", turn=-60)
    picture.text((_LEFT + side + 12, _TOP - 8), "right", "soft")
    for row, intent in enumerate(intents):
        _draw_row(picture, row, intent, intents, counts)
    for shift, kind, words in (
        (0, "green", "right"),
        (120, "red", "taken for another intent"),
    ):
        at = (_LEFT + shift, _TOP + side + 26)
        picture.box(at, (14, 14), kind)
        picture.text((at[0] + 22, at[1] + 12), words, "soft")
    picture.text(
        (_LEFT, _TOP + side + 60),
        "The stronger the colour, the larger the share of the row; the number is a count.",
        "soft",
    )
    return picture.svg()


def _draw_row(
    picture: Drawing, row: int, intent: str, intents: list[str], counts: Counter[tuple[str, str]]
) -> None:
    total = sum(counts[intent, guessed] for guessed in intents)
    y = _TOP + row * _CELL
    picture.text((_LEFT - 10, y + 18), intent, anchor="end")
    if not total:
        return
    for column, guessed in enumerate(intents):
        count = counts[intent, guessed]
        if not count:
            continue
        share, x = count / total, _LEFT + column * _CELL
        kind = "green" if guessed == intent else "red"
        strength = _FAINTEST + (1 - _FAINTEST) * share
        tip = f"{intent} understood as {guessed}: {count} of {total}"
        picture.box((x + 1, y + 1), (_CELL - 2, _CELL - 2), kind, strength, tip)
        words = "on" if strength > _DARK else "small"
        picture.text((x + _CELL / 2, y + 18), count, words, "middle")
    right = counts[intent, intent]
    x = _LEFT + len(intents) * _CELL + 12
    picture.text((x, y + 18), f"{100 * right / total:.0f} %  of {total}", "soft")


def _ordered(counts: Counter[tuple[str, str]], order: Sequence[str]) -> list[str]:
    seen = {intent for pair in counts for intent in pair}
    return [i for i in order if i in seen] + sorted(seen - set(order))


def _described(lines: Sequence[Line], counts: Counter[tuple[str, str]], threshold: float) -> str:
    right = sum(line.is_right(threshold) for line in lines)
    wrong = Counter({pair: n for pair, n in counts.items() if pair[0] != pair[1]})
    worst = "; ".join(f"{m} taken for {g} {n} times" for (m, g), n in wrong.most_common(3))
    return f"{right} of {len(lines)} messages were understood. Most frequent mistakes: {worst}."
