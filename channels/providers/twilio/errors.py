"""Twilio's error codes, from the table beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.outgoing import ErrorCode, Remedy

TABLE: Final = Path(__file__).with_name("error_codes.toml")
_UNKNOWN: Final = "A code that our table does not have."


def explain(code: str) -> ErrorCode:
    """What a code means; one that is not in the table is tried again."""
    return _codes().get(code) or ErrorCode(code, Remedy.RETRY, _UNKNOWN)


@cache
def _codes() -> Mapping[str, ErrorCode]:
    entries = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {code: _read(code, entry) for code, entry in entries.items()}


def _read(code: str, entry: dict[str, Any]) -> ErrorCode:
    return ErrorCode(code, Remedy(entry.pop("remedy")), **entry)
