"""How a phone's screen is drawn in a terminal: text wrapped by its own width, in a box."""

from __future__ import annotations

import unicodedata
from typing import Final

WIDTH: Final = 26


def width_of(text: str) -> int:
    """The columns a text takes in a terminal; marks that combine take none, wide signs two."""
    columns = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me"):
            continue
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return columns


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """The lines of a text, none wider than `width`; line breaks in it are kept."""
    lines = []
    for written in text.split("\n"):
        line = ""
        for word in written.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while width_of(word) > width:
                cut = next(n for n in range(len(word), 0, -1) if width_of(word[:n]) <= width)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        lines.append(line)
    return lines


def box(text: str, title: str = "") -> str:
    """A text as a screen: framed, with a title in the upper edge."""
    head = f"─ {title} " if title else ""
    drawn = [f"╭{head}{'─' * (WIDTH + 2 - width_of(head))}╮"]
    drawn += [f"│ {line}{' ' * (WIDTH - width_of(line))} │" for line in wrap(text)]
    return "\n".join([*drawn, f"╰{'─' * (WIDTH + 2)}╯"])
