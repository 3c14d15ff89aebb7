"""Every defence that the threat model claims has a test that is there."""

from __future__ import annotations

import ast
import re

from tests.house.repository import ROOT, sources

_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_PARTS = "STRIDE"


def rows() -> list[list[str]]:
    """The cells of each line of the table of threats."""
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    table = text.partition("| part | | threat |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names_in(path: str) -> set[str]:
    """The names of the tests of a file; none where there is no such file."""
    file = ROOT / path
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = [found for cells in rows() for found in _NAMED.findall(cells[-1])]

    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or (name and name not in names_in(path))
    ]

    assert len(named) > 40
    assert [] == missing


def test_no_threat_stands_without_its_defence_and_its_test() -> None:
    assert [] == [cells for cells in rows() if not cells[3] or not _NAMED.search(cells[-1])]


def test_every_letter_of_stride_is_thought_of() -> None:
    assert set(_PARTS) == {cells[1] for cells in rows()}


def test_only_what_only_looks_like_a_fault_is_left_out_of_the_audit_of_our_code() -> None:
    reasoned = {
        "B101",
        "B104",
        "B105",
        "B106",
        "B107",
        "B108",
        "B311",
        "B314",
        "B405",
        "B606",
        "B608",
    }
    marked = {
        number
        for path in sources()
        for line in path.read_text(encoding="utf-8").splitlines()
        if "# nosec" in line
        for number in line.partition("# nosec")[2].replace(",", " ").split() or ["all"]
    }

    assert set() == marked - reasoned
