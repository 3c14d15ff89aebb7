"""The figures that are shipped: measured ones as the bench writes them, assumed ones as TOML."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Final

from benchmarks.scale.model import Measured
from sandbox.house.layout import ROOT

FOLDER: Final = ROOT / "benchmarks/figures"


def read_measured(folder: Path = FOLDER) -> Measured:
    """The three files of a folder."""
    return Measured(
        turn=json.loads((folder / "turn.json").read_text(encoding="utf-8")),
        stores=json.loads((folder / "stores.json").read_text(encoding="utf-8")),
        given=tomllib.loads((folder / "assumptions.toml").read_text(encoding="utf-8")),
    )
