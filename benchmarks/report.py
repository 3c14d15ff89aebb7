"""Where a benchmark's figures go: tables, JSON, pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Report:
    """Where the JSON goes: a file, or standard output instead of the tables, or nowhere.

    `plots` is the folder for pictures, where they are wanted.
    """

    file: Path | None
    to_stdout: bool
    plots: Path | None = None

    def show(self, text: str) -> None:
        """Print tables, beside the JSON where that goes to standard output."""
        print(text, file=sys.stderr if self.to_stdout else sys.stdout, flush=True)

    def write(self, found: Mapping[str, Any]) -> None:
        """Write the figures, and draw them."""
        text = json.dumps(found, indent=2)
        if self.to_stdout:
            print(text, flush=True)
        elif self.file is not None:
            self.file.write_text(f"{text}\n", encoding="utf-8")
        if self.plots is not None:
            # The library that draws is slow to import, and only whoever wants pictures has it.
            from benchmarks.plots.draw import draw

            draw(found, self.plots)
