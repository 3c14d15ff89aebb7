"""Gather the source texts into messages.pot and merge them into every catalog.

    python -m locales.extract

The context of a message is its response key; its text is the English. A translation whose English
changed is not guessed at: the new text stands empty in the catalogs, and the check names it, until
somebody translates it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from locales.languages import FOLDER, Language, languages
from locales.po import read_catalog, written

ROOT: Final = FOLDER.parent
TEMPLATE: Final = FOLDER / "messages.pot"
KEYWORDS: Final = {"pgettext": ((1, "c"), 2)}

Message = tuple[int, str, tuple[str, str], list[str]]


def read_responses(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Message]:
    """Babel's extractor for bot/domain/responses/*.yml: texts and button titles of each key."""
    for key, variants in yaml.safe_load(fileobj)["responses"].items():
        for variant in variants:
            channel = variant.get("channel", "every channel that has no text of its own")
            yield 0, "pgettext", (key, variant["text"]), [channel]
            for button in variant.get("buttons", []):
                yield 0, "pgettext", (key, button["title"]), ["button, at most 20 characters"]


def read_words(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Message]:
    """Babel's extractor for channels/words.yml: the door's own sentences."""
    for key, text in yaml.safe_load(fileobj).items():
        yield 0, "pgettext", (key, text), []


def template() -> Catalog:
    """The catalog of all source texts, in the order of the files."""
    catalog = Catalog(charset="utf-8", header_comment="# The source texts.")
    responses = sorted((ROOT / "bot" / "domain" / "responses").glob("*.yml"))
    sources = [(path, read_responses) for path in responses]
    for path, method in [*sources, (ROOT / "channels" / "words.yml", read_words)]:
        place = (path.relative_to(ROOT).as_posix(), 0)
        with path.open("rb") as source:
            for _, text, comments, context in extract(method, source, KEYWORDS):
                catalog.add(text, None, [place], auto_comments=comments, context=context)
    return catalog


def merged(language: Language, fresh: Catalog) -> Catalog:
    """The catalog of one language brought up to the source texts; translations are kept."""
    catalog = read_catalog(language.source)
    catalog.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
    return catalog


def main() -> None:
    """Write messages.pot and bring the catalogs up to it."""
    fresh = template()
    TEMPLATE.write_bytes(written(fresh))
    for language in languages().values():
        language.source.write_bytes(written(merged(language, fresh)))


if __name__ == "__main__":
    main()
