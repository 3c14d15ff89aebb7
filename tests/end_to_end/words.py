"""The words a screen must show, read from the catalogs as the build made them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from channels.rendering.screens import phone_text
from core.messages import ChannelKind
from sandbox.phone.client import Handset

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ar", "ary", "zgh", "fr")
# More than any screen has.
MOST_PAGES = 40


@cache
def _catalog(language: str) -> Catalog:
    path = ROOT / "locales" / language / "LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file)


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in (ROOT / "bot/domain/responses").glob("*.yml"):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return found


def said(language: str, key: str, kind: str) -> str:
    """What a response key says on a channel, on one line: its longest part without placeholders."""
    variants = _responses()[key]
    own = [variant for variant in variants if variant.get("channel") == kind]
    source = (own or [v for v in variants if "channel" not in v])[0]["text"]
    return _translated(language, key, source, kind)


def title(language: str, key: str, payload: str, kind: str) -> str:
    """The title of a response's button on a channel, by its payload."""
    variants = _responses()[key]
    own = [variant for variant in variants if variant.get("channel") == kind]
    buttons = (own or [v for v in variants if "channel" not in v])[0]["buttons"]
    (source,) = [button["title"] for button in buttons if button["payload"] == payload]
    return _translated(language, key, source, kind)


def buttons_on(kind: str) -> Iterator[tuple[str, str]]:
    """Each response key with each payload it offers on a channel."""
    for key, variants in _responses().items():
        own = [variant for variant in variants if variant.get("channel") == kind]
        shown = (own or [v for v in variants if "channel" not in v])[0]
        yield from ((key, button["payload"]) for button in shown.get("buttons", []))


def titles(language: str, payload: str, kind: str) -> set[str]:
    """Every title that a button with this payload bears on a channel."""
    return {
        _translated(language, key, button["title"], kind)
        for key, variants in _responses().items()
        for variant in variants
        if variant.get("channel") in (None, kind)
        for button in variant.get("buttons", [])
        if button["payload"] == payload
    }


def door_said(language: str, key: str, kind: str) -> str:
    """One of the door's own sentences, on one line."""
    return _translated(language, key, _door_words()[key], kind)


@cache
def _door_words() -> dict[str, str]:
    words: dict[str, str] = yaml.safe_load((ROOT / "channels/words.yml").read_text("utf-8"))
    return words


@cache
def _translated(language: str, key: str, source: str, kind: str) -> str:
    message = _catalog(language).get(source, key)
    # A text of placeholders alone is in no catalog.
    is_bare = not re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", source))
    assert message is not None or is_bare, f"{key} is not in the catalog of {language}"
    parts = re.split(r"\{\w+\}", str(message.string if message else source))
    return max((flat(phone_text(part, ChannelKind(kind), language)) for part in parts), key=len)


def flat(text: str) -> str:
    """A text on one line, without what only lays it out."""
    return " ".join("".join(c for c in text if c not in "\u2066\u2067\u2068\u2069").split())


def read_pages(handset: Handset) -> str:
    """The whole text of a screen, page after page, without its navigation, on one line."""
    pages = []
    for _ in range(MOST_PAGES):
        lines = handset.screen.text.splitlines()
        pages += [line for line in lines if not line.startswith(("98 ", "0 ", "00 "))]
        if not any(line.startswith("98 ") for line in lines):
            return flat(" ".join(pages))
        handset.press("98")
    raise AssertionError(f"there is always more: {handset.screen.text}")
