"""The words a screen must show: the source texts of the engine, translated as its catalog does."""

from __future__ import annotations

import gettext
from functools import cache
from typing import Any, Final

import yaml

from channels.rendering.screens import phone_text
from core.messages import ChannelKind
from locales.catalogs import Catalogs
from locales.languages import languages
from sandbox.house.layout import ROOT

# GSM-7 pages of 160 letters: a session then has the same hops for everybody.
LANGUAGE: Final = "fr"


@cache
def said(key: str, kind: ChannelKind = ChannelKind.USSD) -> str:
    """What a response key says on a channel; placeholders stay as they are."""
    return _written(key, str(_variant(key, kind)["text"]), kind)


def door_said(key: str) -> str:
    """One of the door's own sentences, as USSD shows it."""
    return phone_text(Catalogs.load().say(LANGUAGE, key), ChannelKind.USSD, LANGUAGE)


def titles(key: str) -> list[str]:
    """The buttons of a response key, as USSD shows them."""
    buttons = _variant(key, ChannelKind.USSD)["buttons"]
    return [_written(key, str(button["title"]), ChannelKind.USSD) for button in buttons]


def number_of(key: str, payload: str) -> str:
    """The number that chooses a button of a response key on USSD."""
    buttons = _variant(key, ChannelKind.USSD)["buttons"]
    return str([button["payload"] for button in buttons].index(payload) + 1)


def flat(text: str) -> str:
    """A text on one line, so that it is found wherever its lines were broken."""
    return " ".join(text.split())


def _written(key: str, source: str, kind: ChannelKind) -> str:
    return phone_text(_catalog().pgettext(key, source), kind, LANGUAGE)


def _variant(key: str, kind: ChannelKind) -> dict[str, Any]:
    variants = _responses()[key]
    own = [variant for variant in variants if variant.get("channel") == kind.value]
    return (own or [variant for variant in variants if "channel" not in variant])[0]


@cache
def _catalog() -> gettext.GNUTranslations:
    with languages()[LANGUAGE].compiled.open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "bot/domain/responses").glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return found
