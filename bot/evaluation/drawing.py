"""Pictures as SVG: rectangles, lines and words, with a title and a description.

Written by hand because the engine's environment stays small: its lock leaves matplotlib out, and
three pictures of boxes and numbers are no reason to add it. SVG is text, so a change of the numbers
can be read; it stays sharp, follows the reader's light or dark theme, and is read aloud by its
title and description. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

# The colours of docs/pictures/architecture.svg; what matters is also said by place, text or form.
_STYLE = """
    :root { --page: #fbfaf7; --ink: #1f2933; --soft: #5b6673; --line: #d5d9de; --axis: #97a1ad; --green: #1f6f54; --red: #a33a2c; --blue: #33589c }
    @media (prefers-color-scheme: dark) {
      :root { --page: #161b22; --ink: #e6edf3; --soft: #9aa7b4; --line: #323b46; --axis: #6b7785; --green: #5fc39d; --red: #ef8d7d; --blue: #8fb4f2 }
    }
    text { font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); font-size: 13px }
    .title { font-size: 18px; font-weight: 600 }
    .head { font-size: 14px; font-weight: 600 }
    .soft { fill: var(--soft); font-size: 12px }
    .small { font-size: 11px }
    .on { fill: var(--page); font-size: 11px; font-weight: 600 }
    .page { fill: var(--page) }
    .grid { fill: none; stroke: var(--line); stroke-width: 1 }
    .axis { fill: none; stroke: var(--axis); stroke-width: 1.3 }
    .green { fill: var(--green) } .red { fill: var(--red) } .blue { fill: var(--blue) } .ink { fill: var(--ink) }
    .to-green { fill: none; stroke: var(--green); stroke-width: 2 }
    .to-red { fill: none; stroke: var(--red); stroke-width: 2; stroke-dasharray: 7 4 }
    .to-blue { fill: none; stroke: var(--blue); stroke-width: 2; stroke-dasharray: 2 4 }
    .bar { fill: none; stroke: var(--ink); stroke-width: 1.6 }
    .threshold { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-dasharray: 5 4 }
"""  # noqa: E501

Point = tuple[float, float]


class Drawing:
    """A picture of a width and height in pixels; what is drawn later lies above."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        """Begin with an empty page; the title is written on it, both are read aloud."""
        self._size = (width, height)
        self._said = (title, description)
        self._marks = [f'<rect {_at(width=width, height=height)} rx="14" class="page" />']
        self.text((24, 36), title, "title")

    def text(
        self, at: Point, words: object, kind: str = "", anchor: str = "start", turn: float = 0
    ) -> None:
        """Write words at a point: from it ("start"), around it ("middle") or up to it ("end").

        `turn` is the angle in degrees, clockwise.
        """
        place = _at(x=at[0], y=at[1], class_=kind)
        if anchor != "start":
            place += f' text-anchor="{anchor}"'
        if turn:
            place += f' transform="rotate({_number(turn)} {_number(at[0])} {_number(at[1])})"'
        self._marks.append(f"<text {place}>{escape(str(words))}</text>")

    def box(self, at: Point, size: Point, kind: str, strength: float = 1.0, tip: str = "") -> None:
        """Fill a rectangle from its upper left corner; `tip` is shown under a pointer."""
        place = _at(x=at[0], y=at[1], width=size[0], height=size[1], class_=kind)
        if strength < 1:
            place += f' fill-opacity="{_number(strength)}"'
        told = f"<title>{escape(tip)}</title>" if tip else ""
        self._marks.append(f"<rect {place}>{told}</rect>" if told else f"<rect {place} />")

    def dot(self, at: Point, kind: str, tip: str = "") -> None:
        """Set a dot; `tip` is shown under a pointer."""
        self._marks.append(
            f'<circle {_at(cx=at[0], cy=at[1], class_=kind)} r="5"><title>{escape(tip)}</title>'
            "</circle>"
        )

    def line(self, points: Sequence[Point], kind: str) -> None:
        """Draw a line through two or more points."""
        path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self._marks.append(f'<polyline points="{path}" class="{kind}" />')

    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        width, height = (_number(side) for side in self._size)
        title, description = (escape(said) for said in self._said)
        opening = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="title desc">'
        )
        head = [
            opening,
            f'<title id="title">{title}</title>',
            f'<desc id="desc">{description}</desc>',
            f"<style>{_STYLE}</style>",
        ]
        return "\n".join([*head, *self._marks, "</svg>"]) + "\n"


def _at(class_: str = "", **places: float) -> str:
    written = [f'{name}="{_number(place)}"' for name, place in places.items()]
    return " ".join(written + ([f"class={quoteattr(class_)}"] if class_ else []))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
