"""What stands where in the handbook: docs/navigation.toml, as Sphinx wants it."""

from __future__ import annotations

import tomllib
from typing import Final

from sandbox.house.layout import ROOT

# Pages of which the list stands at the end; the others say themselves what they lead to.
SHOWN: Final = frozenset({"docs/incidents"})
_FILE: Final = ROOT / "docs/navigation.toml"


def read_navigation() -> dict[str, list[str]]:
    """The pages and patterns below each page, by the paths of both without `.md`."""
    found: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return found


def toctree(entries: list[str], is_shown: bool = False) -> str:
    """The directive that has a page lead to others; what meets no page yet is left out."""
    met = [entry for entry in entries if any(ROOT.glob(f"{entry}.md"))]
    listed = "\n".join(f"/{entry}" for entry in met)
    hidden = "" if is_shown else ":hidden:\n"
    return f"\n\n```{{toctree}}\n{hidden}:maxdepth: 1\n:glob:\n\n{listed}\n```\n"
