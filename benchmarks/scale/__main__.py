"""`bin/scale`: the tables of docs/scale.md, from the figures in benchmarks/figures."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from benchmarks.scale.figures import FOLDER, read_measured
from benchmarks.scale.tables import written
from sandbox.house.layout import ROOT

PAGE: Final = ROOT / "docs/scale.md"
_BLOCK: Final = re.compile(
    r"(<!-- tables: written by bin/scale --write -->\n).*?(<!-- end of the tables -->)", re.DOTALL
)


def main() -> int:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(prog="bin/scale", description=__doc__)
    parser.add_argument("--figures", type=Path, default=FOLDER, help="a folder of other figures")
    parser.add_argument("--write", action="store_true", help="write them into docs/scale.md")
    given = parser.parse_args()
    tables = written(read_measured(given.figures))
    if given.write:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    else:
        sys.stdout.write(f"{tables}\n")
    return 0


def renewed(page: str, tables: str) -> str:
    """The page with these tables between its marks."""
    renewed, count = _BLOCK.subn(lambda found: f"{found[1]}\n{tables}\n\n{found[2]}", page)
    if count != 1:
        raise ValueError(f"{PAGE.name} has no place for the tables")
    return renewed


if __name__ == "__main__":
    sys.exit(main())
