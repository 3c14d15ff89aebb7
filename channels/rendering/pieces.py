"""A text in as many messages as it needs. No I/O."""

from __future__ import annotations


def pieces(text: str, longest: int) -> list[str]:
    """The text whole, or cut at line ends where it is longer than one message may be."""
    found: list[str] = []
    for line in text.split("\n"):
        if found and len(found[-1]) + 1 + len(line) <= longest:
            found[-1] += "\n" + line
        else:
            found += [line[i : i + longest] for i in range(0, max(len(line), 1), longest)]
    return found
