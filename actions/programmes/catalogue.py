"""Reading the programme files: those that come with the service, and those of one more folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from actions.programmes.model import Programme
from core.errors import SettingsFaulty

FILES = Path(__file__).parent


def load_programmes(more: str = "") -> dict[str, Programme]:
    """Every programme by its key, which is its file's name, in their `order` and then by key.

    `more` is a folder of further files; one of the same name replaces ours. Raises SettingsFaulty,
    listing every faulty file.
    """
    found: dict[str, Programme] = {}
    faults: list[str] = []
    for path in (*_files(FILES), *(_files(Path(more)) if more else ())):
        key = path.stem
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
            found[key] = Programme.model_validate({**content, "key": key})
        # Octets that are no text, and TOML that is none, are ValueErrors.
        except (ValueError, RecursionError, OSError) as faulty:
            faults.append(f"{path.name}: {faulty}")
    faults += _reference_faults(found)
    if faults:
        raise SettingsFaulty(faults)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.toml"))


def _reference_faults(programmes: dict[str, Programme]) -> Iterator[str]:
    for key, programme in programmes.items():
        for name in ("successor", "part_of"):
            other = getattr(programme, name)
            if other and other not in programmes:
                yield f"{key}.toml: {name} {other} is no programme"
        if programme.status == "elsewhere" and programme.place is None:
            yield f"{key}.toml: applied for elsewhere, and no place is named"
