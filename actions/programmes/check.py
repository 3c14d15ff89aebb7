"""Check the words of the programme files as the catalogs are checked, and count what awaits review.

    python -m actions.programmes.check

What fits a screen is checked beside the renderer, in tests/words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from babel.messages.catalog import Message
from pydantic import BaseModel

from actions.programmes.catalogue import load_programmes
from actions.programmes.model import Programme
from actions.programmes.texts import Texts
from locales.check import REVIEW, entry_faults
from locales.languages import languages

# A name that is the same in French, and an address on the web, stand for themselves.
_SAME_AS: Final = "fr"


def texts_of(programme: Programme) -> Iterator[tuple[str, Texts]]:
    """Every text of a programme, with its place in the file (questions.phone.text)."""
    yield from _below(programme, "")


def _below(part: object, place: str) -> Iterator[tuple[str, Texts]]:
    if isinstance(part, Texts):
        yield place.removeprefix("."), part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _below(getattr(part, name), f"{place}.{name}")
    elif isinstance(part, tuple):
        for number, item in enumerate(part, 1):
            key = getattr(item, "key", getattr(item, "value", number))
            yield from _below(item, f"{place}.{key}")


def text_faults(text: Texts) -> Iterator[str]:
    """What is wrong with a text: wrong letters, signs phones show as boxes, unattested Amazigh."""
    for code, words in text.languages.items():
        if code != _SAME_AS and words == text.in_language(_SAME_AS):
            continue
        waits = bool(text.review) and languages()[code].script == "Tfng"
        message = Message(
            id=words,
            string=words,
            flags=["fuzzy"] if waits else [],
            user_comments=[REVIEW + text.review] if waits else [],
        )
        for fault in entry_faults(languages()[code], message):
            yield f"{code}: “{words}” {fault}"


def faults(programmes: dict[str, Programme]) -> list[str]:
    """Everything that is wrong with the words of these programmes."""
    return [
        f"{key}.toml: {place}: {fault}"
        for key, programme in programmes.items()
        for place, text in texts_of(programme)
        for fault in text_faults(text)
    ]


def main() -> int:
    """Print the faults, or how many texts await review; 1 where there are faults."""
    programmes = load_programmes()
    found = faults(programmes)
    for fault in found:
        sys.stdout.write(fault + "\n")
    if not found:
        texts = [text for one in programmes.values() for _, text in texts_of(one)]
        waiting = sum(bool(text.review) for text in texts)
        sys.stdout.write(
            f"programmes are complete; {waiting} Amazigh texts await a native speaker's review\n"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
