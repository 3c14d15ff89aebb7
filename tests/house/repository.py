"""The repository as the house tests see it: its files, and what they import."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "core",
    "channels",
    "console",
    "actions",
    "worker",
    "records",
    "transcripts",
    "locales",
    "sandbox",
    "benchmarks",
    "handbook",
    "supply",
    "deploy",
)
NOT_OURS = frozenset({".git", ".venv", ".state", "var", "models", "node_modules", "__pycache__"})


def files(*suffixes: str, below: Path = ROOT) -> Iterator[Path]:
    """The files of the project with one of these suffixes; all files where none is given."""
    for folder, folders, names in os.walk(below):
        folders[:] = [
            name for name in folders if name not in NOT_OURS and not name.endswith("_cache")
        ]
        for name in names:
            if not suffixes or name.endswith(suffixes):
                yield Path(folder) / name


def sources() -> list[Path]:
    """The Python files of the project, tests apart."""
    parts = [*PACKAGES, "bot"]
    return [path for part in parts for path in files(".py", below=ROOT / part)]


def imported(path: Path) -> set[str]:
    """The top-level names that a Python file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def is_within(path: Path, *places: str) -> bool:
    """Whether a file is one of these places of the repository, or below one."""
    return any(path.is_relative_to(ROOT / place) for place in places)
