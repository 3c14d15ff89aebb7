"""The data files beside this module."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def read_data(name: str) -> dict[str, Any]:
    """One of the data files, by its name."""
    return tomllib.loads((resources.files(__package__) / name).read_text(encoding="utf-8"))
