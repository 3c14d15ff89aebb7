"""Gather the source texts into messages.pot and merge them into every catalog.

    python -m locales.extract

The context of a message is its response key; its text is the English. A translation whose English
changed is not guessed at: the new text stands empty in the catalogs, and the check names it, until
somebody translates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml
from babel.messages.catalog import Catalog

from locales.languages import FOLDER, Language, languages, staff_languages
from locales.po import read_catalog, written

ROOT: Final = FOLDER.parent
RESPONSES: Final = ROOT / "bot" / "domain" / "responses"
WORDS: Final = ROOT / "channels" / "words.yml"
NOTICES: Final = ROOT / "worker" / "words.yml"
STAFF_WORDS: Final = ROOT / "console" / "words"
TEMPLATE: Final = FOLDER / "messages.pot"
STAFF_TEMPLATE: Final = FOLDER / "console.pot"

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")

# A response key, an English text under it, and a remark for its translator.
Source = tuple[str, str, str]


def has_words(text: str) -> bool:
    """True where a text says something itself; one of placeholders alone is not translated."""
    return any(map(str.isalpha, _PLACEHOLDER.sub("", text)))


def read_responses(path: Path) -> Iterator[Source]:
    """The texts and button titles of each response key in a file of bot/domain/responses."""
    for key, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
        for variant in variants:
            yield key, variant["text"], variant.get("channel", "where a channel has no own text")
            for button in variant.get("buttons", []):
                yield key, button["title"], "button, at most 20 characters"


def read_words(path: Path) -> Iterator[Source]:
    """The door's own sentences, from channels/words.yml."""
    for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        yield key, text, "said by the door"


def read_notices(path: Path) -> Iterator[Source]:
    """What people are written of our own accord, from worker/words.yml."""
    for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        yield key, text, "a message of its own accord, mostly by SMS"


def template() -> Catalog:
    """The catalog of all source texts, in the order of the files."""
    catalog = Catalog(charset="utf-8", header_comment="# The source texts.")
    files = [(path, read_responses) for path in sorted(RESPONSES.glob("*.yml"))]
    for path, read in [*files, (WORDS, read_words), (NOTICES, read_notices)]:
        place = (path.relative_to(ROOT).as_posix(), 0)
        for key, text, remark in read(path):
            if not has_words(text):
                continue
            catalog.add(text, locations=[place], auto_comments=[remark], context=key)
    return catalog


def read_staff_words(path: Path) -> Iterator[Source]:
    """What staff read in the console, from a file of console/words."""
    for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        yield key, text, "read by staff"


def staff_template() -> Catalog:
    """The catalog of the console's source texts, in the order of the files."""
    catalog = Catalog(charset="utf-8", header_comment="# The source texts of the console.")
    for path in sorted(STAFF_WORDS.glob("*.yml")):
        place = (path.relative_to(ROOT).as_posix(), 0)
        for key, text, remark in read_staff_words(path):
            if has_words(text):
                catalog.add(text, locations=[place], auto_comments=[remark], context=key)
    return catalog


def merged(language: Language, fresh: Catalog) -> Catalog:
    """The catalog of one language brought up to the source texts; translations are kept."""
    catalog = read_catalog(language.source)
    catalog.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
    return catalog


def main() -> None:
    """Write messages.pot and bring the catalogs up to it."""
    for path, fresh, spoken in (
        (TEMPLATE, template(), languages()),
        (STAFF_TEMPLATE, staff_template(), staff_languages()),
    ):
        path.write_bytes(written(fresh))
        for language in spoken.values():
            language.source.write_bytes(written(merged(language, fresh)))


if __name__ == "__main__":
    main()
