"""An answer too long for a handset: its first lines on pages, the rest of them for a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from channels.rendering.pages import Page

Cut = Callable[[Sequence[str]], tuple[Page, ...]]


def shorten(
    paragraphs: Sequence[str], behind: Sequence[str], most: int, cut: Cut
) -> tuple[tuple[Page, ...], str]:
    """As many lines as `most` pages hold together with those `behind` them, and the lines left.

    At least what is `behind` is shown, whatever it takes. `cut` lays lines out with the choices.
    """
    lines = [line for paragraph in paragraphs for line in paragraph.splitlines()]
    for kept in range(len(lines) - 1, -1, -1):
        pages = cut([*lines[:kept], *behind])
        if len(pages) <= most or not kept:
            return pages, "\n".join(lines[kept:])
    return cut([*lines, *behind]), ""
