"""Catalog files: read as they stand, written the same on every machine and every day."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

# What would differ with the day, the machine or Babel's version, or says nothing here.
UNSTABLE: Final = (
    b"POT-Creation-Date",
    b"PO-Revision-Date",
    b"Generated-By",
    b"Last-Translator",
    b"Report-Msgid-Bugs-To",
    b"Language-Team",
    b"Project-Id-Version",
)


def read_catalog(path: Path) -> Catalog:
    """A catalog as it stands in its file."""
    with path.open("rb") as source:
        return read_po(source, abort_invalid=True)


def written(catalog: Catalog) -> bytes:
    """The bytes of a catalog's file, without what changes by itself."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, ignore_obsolete=True, include_lineno=False)
    return b"".join(
        line
        for line in out.getvalue().splitlines(keepends=True)
        if not line.lstrip(b'"').startswith(UNSTABLE)
    )
