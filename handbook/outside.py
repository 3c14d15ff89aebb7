"""What a page of the handbook would load from another machine; nothing is what it should be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

# What a browser follows by itself. A link that a reader may press is none.
_LOADS: Final = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
    "embed": "src", "object": "data", "link": "href", "use": "href", "image": "href",
}  # fmt: skip
_QUIET_LINKS: Final = {"canonical", "author", "license", "next", "prev"}
_FAR: Final = re.compile(r"\s*(?:[a-z]+:)?//", re.IGNORECASE)
_IN_STYLE: Final = re.compile(
    r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE
)


def loaded_from_outside(folder: Path) -> list[tuple[Path, str]]:
    """Each file of a site with an address that it would load from another machine."""
    found = [
        (page.relative_to(folder), address)
        for page in folder.rglob("*.html")
        for address in _loaded(page.read_text(encoding="utf-8"))
    ]
    styles = [
        (sheet.relative_to(folder), address)
        for sheet in folder.rglob("*.css")
        for address in _IN_STYLE.findall(sheet.read_text(encoding="utf-8"))
    ]
    return sorted(found + styles)


def _loaded(html: str) -> Iterator[str]:
    reader = _Reader()
    reader.feed(html)
    yield from filter(_FAR.match, reader.loaded)
    yield from _IN_STYLE.findall(html)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        quiet = set(given.get("rel", "").lower().split()) & _QUIET_LINKS
        if tag in _LOADS and not (tag == "link" and quiet):
            self.loaded.append(given.get(_LOADS[tag], ""))
        for part in given.get("srcset", "").split(","):
            self.loaded.append(part.strip())
