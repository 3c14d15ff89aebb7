"""What may not cross: the engine's wall, and the process's environment."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.repository import PACKAGES, ROOT, files, imported, is_within, sources

_READ = frozenset({"environ", "environb", "getenv"})


def reads_environment(path: Path) -> bool:
    """Whether a Python file reads the environment of its process."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_read = isinstance(node, ast.Attribute) and node.attr in _READ
        # That of a call over HTTP is another matter.
        if is_read and ast.unparse(node) != "request.environ":
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            return bool({"environ", "getenv"} & {alias.name for alias in node.names})
    return False


def test_one_module_alone_reads_the_environment() -> None:
    # The house composes the environments of its children; the bot may not import core.
    allowed = ("sandbox/house", "bot")

    readers = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if reads_environment(path) and not is_within(path, *allowed)
    ]

    assert ["core/environment.py"] == readers


def test_nothing_outside_the_bot_imports_rasa() -> None:
    # These run on the engine's Python.
    allowed = ("bot", "tests/unit/bot")

    guilty = [
        path for path in files(".py") if "rasa" in imported(path) and not is_within(path, *allowed)
    ]

    assert [] == guilty


def test_nothing_in_the_bot_imports_ours() -> None:
    guilty = [
        path for path in files(".py", below=ROOT / "bot") if imported(path) & {*PACKAGES, "tests"}
    ]

    assert [] == guilty


def test_no_source_imports_a_test() -> None:
    guilty = [path for path in sources() if "tests" in imported(path)]

    assert [] == guilty
