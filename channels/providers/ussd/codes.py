"""Codes as citizens dial them and as gateways shorten them: `*555*1*2#`, `555*1*2`, `555`."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"\*?\d+(?:\*[^*#]*)*#?")


def strip_code(code: str) -> str:
    """A code without its first star and its hash: `*555*1#` is `555*1`."""
    return code.strip().removeprefix("*").removesuffix("#")


def is_code(text: str) -> bool:
    """True for what could have been dialled, with or without its star and hash."""
    return _CODE.fullmatch(text.strip()) is not None


def read_behind(dialled: str, address: str) -> str | None:
    """What was dialled behind the address, joined by stars; None where the code is another's."""
    given, ours = strip_code(dialled), strip_code(address)
    if given == ours:
        return ""
    return given[len(ours) + 1 :] if given.startswith(f"{ours}*") else None


def serves(code: str, address: str) -> bool:
    """True where a gateway's service code is the address, or the shared code in front of it."""
    given, ours = strip_code(code), strip_code(address)
    return bool(given) and (given == ours or ours.startswith(f"{given}*"))
