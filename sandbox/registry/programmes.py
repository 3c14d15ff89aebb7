"""The programmes of the pretend registry, from the file beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sandbox.registry.data_files import read_data


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: what it gives, by when its agency decides and may be contested, in days."""

    key: str
    name: str
    benefit: str
    decided_in: int | None = None
    appeal_in: int | None = None
    ended: bool = False
    pays: Literal["", "children", "flat"] = ""

    @property
    def code(self) -> str:
        """Its identifier on the wire."""
        return self.key.upper()


@cache
def programmes() -> dict[str, Programme]:
    """Every programme of the file, by its key."""
    return {key: Programme(key, **fields) for key, fields in read_data("programmes.toml").items()}


def programme(key: str) -> Programme:
    """A programme by its key; one that the file does not know has nothing but a name."""
    return programmes().get(key) or Programme(key, key, "")
