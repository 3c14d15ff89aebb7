"""How a USSD gateway speaks: read from a file, so that adding one is adding a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.errors import SettingsFaulty

_FOLDER: Final = Path(__file__).parent / "dialects"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Field names, how input arrives, how the answer is written, limits.

    `goes_on` and `ends` are templates with `{text}`. Lengths are septets and UCS-2 code units.
    """

    name: str
    session: str
    number: str
    service_code: str
    text: str
    is_cumulative: bool
    goes_on: str
    ends: str
    content_type: str
    gsm7: int
    ucs2: int
    deadline_seconds: float


def load_dialect(name: str) -> Dialect:
    """The dialect of that name. Raises SettingsFaulty where there is none or it is incomplete."""
    path = _FOLDER / f"{name}.toml"
    if not name.isidentifier() or not path.is_file():
        raise SettingsFaulty([f"dialect: there is no USSD dialect {name!r}"])
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Dialect(
            name=name,
            **raw["fields"],
            is_cumulative=raw["input"]["cumulative"],
            **raw["answer"],
            **raw["limits"],
        )
    except (KeyError, TypeError) as missing:
        raise SettingsFaulty([f"dialect {name}: {missing}"]) from None
