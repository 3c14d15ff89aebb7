"""Compile the catalogs that are newer than what programs read.

    python -m locales.compile

Done at every start, so what is up to date costs a look at two times. Fuzzy entries are compiled:
a Tamazight sentence that waits for its review is still better than an English one.
"""

from __future__ import annotations

import io
import os

from babel.messages.mofile import write_mo

from locales.languages import Language, languages, staff_languages
from locales.po import read_catalog


def is_stale(language: Language) -> bool:
    """Whether the compiled catalog is absent or older than its source."""
    if not language.compiled.exists():
        return True
    return language.compiled.stat().st_mtime_ns < language.source.stat().st_mtime_ns


def compile_catalog(language: Language) -> None:
    """Compile one catalog; a reader sees the old file or the new one, never a half."""
    out = io.BytesIO()
    write_mo(out, read_catalog(language.source), use_fuzzy=True)
    unfinished = language.compiled.with_name(f"{language.domain}.{os.getpid()}.unfinished")
    unfinished.write_bytes(out.getvalue())
    unfinished.replace(language.compiled)


def main() -> None:
    """Compile what is stale and name it."""
    for language in (*languages().values(), *staff_languages().values()):
        if is_stale(language):
            compile_catalog(language)
            print(f"compiled {language.compiled.relative_to(language.compiled.parents[3])}")


if __name__ == "__main__":
    main()
