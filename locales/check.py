"""Check every catalog, and list what is wrong with it.

    python -m locales.check

What fits a screen is checked beside the renderer, in tests/words.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Final

from babel.messages.catalog import Catalog, Message

from locales.extract import STAFF_TEMPLATE, TEMPLATE, merged, staff_template, template
from locales.languages import FOLDER, Language, languages, staff_languages
from locales.po import read_catalog, written

# WhatsApp cuts a quick reply's title after this many characters.
TITLE: Final = 20
# What the smallest USSD page holds in UCS-2, less its foot: a longer word would be cut.
WORD: Final = 40
REVIEW: Final = "needs a native speaker's review: "
# Asked before the language is known, so it says the same in every catalog.
SAME_IN_ALL: Final = "utter_ask_language"
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_SCRIPTS: Final = {
    "Arab": re.compile("[\u0621-\u064a]"),
    "Latn": re.compile("[A-Za-z]"),
    "Tfng": re.compile("[\u2d30-\u2d6f]+"),
}
# Direction marks are the renderer's work, and handsets show boxes for vowel signs.
_UNWELCOME: Final = re.compile(
    "[\u00a0\u00ad\u061c\u064b-\u065f\u200b-\u200f\u202a-\u202f\u2060-\u2069\ufeff]"
)


@cache
def attested_words() -> frozenset[str]:
    """Every Amazigh word of tamazight_words.tsv, in Tifinagh."""
    with (FOLDER / "tamazight_words.tsv").open(encoding="utf-8", newline="") as lines:
        terms = [row["tifinagh"] for row in csv.DictReader(lines, delimiter="\t")]
    return frozenset(word for term in terms for word in term.split())


def entry_faults(language: Language, message: Message) -> Iterator[str]:
    """What is wrong with one translation, in words a translator can act on."""
    source, text = str(message.id), str(message.string or "")
    if not text.strip():
        yield "is not translated"
        return
    if sorted(_PLACEHOLDER.findall(source)) != sorted(_PLACEHOLDER.findall(text)):
        yield "does not have the placeholders of the source"
    if any("button" in comment for comment in message.auto_comments) and len(text) > TITLE:
        yield f"is a button of more than {TITLE} characters"
    if long := [word for word in _PLACEHOLDER.sub(" ", text).split() if len(word) > WORD]:
        yield f"holds a word of more than {WORD} characters: {long[0]}"
    if mark := _UNWELCOME.search(text):
        yield f"holds U+{ord(mark.group()):04X}"
    if message.context != SAME_IN_ALL:
        yield from _language_faults(language, message, text)


def _language_faults(language: Language, message: Message, text: str) -> Iterator[str]:
    own = _SCRIPTS[language.script]
    if not own.search(text):
        yield f"has no word in {language.name}"
    if language.script != "Tfng":
        if message.fuzzy:
            yield "is marked fuzzy"
    elif message.fuzzy:
        if not " ".join(message.user_comments).startswith(REVIEW):
            yield f"is marked fuzzy without a comment `{REVIEW}…`"
    elif unknown := [word for word in own.findall(text) if word not in attested_words()]:
        yield f"is not marked fuzzy and no source attests {', '.join(unknown)}"


def catalog_faults(language: Language, catalog: Catalog) -> Iterator[str]:
    """What is wrong with the entries of one catalog."""
    for message in catalog:
        if message.id:
            for fault in entry_faults(language, message):
                yield f"{language.code}: {message.context}: “{message.id}” {fault}"


def extraction_faults() -> Iterator[str]:
    """Files that `python -m locales.extract` would write anew."""
    for path, gather, spoken in (
        (TEMPLATE, template, languages()),
        (STAFF_TEMPLATE, staff_template, staff_languages()),
    ):
        if not path.exists() or path.read_bytes() != written(gather()):
            yield f"{path.name} is not up to the source texts: run python -m locales.extract"
        for language in spoken.values():
            if language.source.read_bytes() != written(merged(language, gather())):
                yield f"{language.code}: not up to the source texts: run python -m locales.extract"


def sameness_faults(catalogs: dict[str, Catalog]) -> Iterator[str]:
    """Texts asked before the language is known that differ between catalogs."""
    said: dict[str, set[str]] = {}
    for catalog in catalogs.values():
        for message in catalog:
            if message.context == SAME_IN_ALL:
                said.setdefault(str(message.id), set()).add(str(message.string))
    for source, texts in said.items():
        if len(texts) > 1:
            yield f"{SAME_IN_ALL}: “{source}” differs between catalogs"


def faults() -> list[str]:
    """Everything that is wrong with the catalogs; empty when they may be shipped."""
    found = list(extraction_faults())
    if found:
        return found
    catalogs = {code: read_catalog(one.source) for code, one in languages().items()}
    for code, catalog in catalogs.items():
        found += catalog_faults(languages()[code], catalog)
    for one in staff_languages().values():
        found += catalog_faults(one, read_catalog(one.source))
    return found + list(sameness_faults(catalogs))


def main() -> int:
    """Print the faults; 1 where there are any."""
    found = faults()
    for fault in found:
        print(fault)
    if not found:
        amazigh = [languages()["zgh"].source, staff_languages()["zgh"].source]
        waiting = sum(message.fuzzy for path in amazigh for message in read_catalog(path))
        print(f"catalogs are complete; {waiting} Amazigh texts await a native speaker's review")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
