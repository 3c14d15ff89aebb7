"""Words, tokens and meanings as staff see them: nothing sealed is opened here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, url_for

from console.page import language, sayer
from core.vault import TOKEN
from locales.languages import languages
from locales.responses import responses
from transcripts.store import FALLBACK

IDENTIFIERS: Final = ("idcs", "cnie", "phone")
_NAMED: Final = (*IDENTIFIERS, "code", "birth_date")
KINDS: Final = {"ussd": "USSD", "sms": "SMS", "whatsapp": "WhatsApp"}
# Meanings that no button of the dialogue names.
_OWN: Final = ("open", "greet", "inform", "thank", "goodbye", "out_of_scope", "help", FALLBACK)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: words, or a token by the key of what it stands for and its last letters.

    `token` is the token itself where it can be revealed.
    """

    words: str = ""
    stands_for: str = ""
    tail: str = ""
    token: str = ""


def parts(text: str) -> Iterator[Part]:
    """A text taken apart at its tokens."""
    end = 0
    for match in TOKEN.finditer(text):
        if match.start() > end:
            yield Part(text[end : match.start()])
        purpose, _, tail = match.groups()
        named = f"token_{purpose}" if purpose in _NAMED else "token_answer"
        token = match.group() if purpose in IDENTIFIERS else ""
        yield Part(stands_for=named, tail=tail, token=token)
        end = match.end()
    if end < len(text):
        yield Part(text[end:])


def meaning(app: Flask, intent: str) -> str:
    """What an intent means in the language of the page; its own name where nothing says it."""
    if intent in _OWN:
        return str(sayer(app)(f"intent_{intent}"))
    return responses().title(language().code, intent) or intent


def direction_of(code: str) -> str:
    """The direction a citizens' language is written in; that of its words where none is known."""
    return languages()[code].direction if code in languages() else "auto"


def language_name(code: str) -> str:
    """The name of a citizens' language, in that language."""
    return languages()[code].name if code in languages() else code


def add_drawing(app: Flask) -> None:
    """Give every template the functions of this module."""
    app.add_template_global(parts, "parts")
    app.add_template_global(lambda intent: meaning(app, intent), "meaning")
    app.add_template_global(language_name, "language_name")
    app.add_template_global(direction_of, "direction_of")
    app.add_template_global(lambda kind: KINDS.get(kind, kind), "kind_name")
    app.add_template_global(_way_back, "way_back")


def _way_back(filters: dict[str, Any], **more: str) -> str:
    return url_for("conversations.listed", **{**filters, **more})
