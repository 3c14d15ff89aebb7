"""What a migration does to tables that were there before it, as its file says it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# What the release before cannot live with, by the name of Alembic's operation.
_ALWAYS: Final = frozenset({"drop_column", "drop_table", "rename_table"})
_CHANGES: Final = frozenset({"new_column_name", "type_"})
# A rule for rows that old processes still write.
_RULES: Final = frozenset(
    {"create_unique_constraint", "create_check_constraint", "create_foreign_key"}
)
_SQL: Final = re.compile(
    r"\b(?:DROP\s+(?:TABLE|COLUMN)|RENAME\s+(?:TO|COLUMN)|SET\s+NOT\s+NULL"
    r"|ALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE)\b",
    re.IGNORECASE,
)


def destructive_steps(source: str) -> list[str]:
    """The operations that a process of the release before would fail on, each with its line."""
    tree = ast.parse(source)
    return [f"{what} (line {line})" for line, what in sorted(_destructive(tree, _made(tree)))]


def contracted(source: str) -> str | None:
    """The revision of the expand step that a migration completes; None where it says of none."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and _names(node) == ["contracts"]:
            value = ast.literal_eval(node.value)
            return value if isinstance(value, str) else None
    return None


def revisions(folder: Path) -> dict[str, str]:
    """The source of each migration of a folder, by its revision, in their order."""
    found = {}
    for path in sorted(folder.glob("v*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and _names(node) == ["revision"]:
                found[str(ast.literal_eval(node.value))] = source
    return found


def _destructive(tree: ast.AST, made: frozenset[str]) -> Iterator[tuple[int, str]]:
    for call in _calls(tree):
        name, given = _called(call), {one.arg: one.value for one in call.keywords}
        if name in _ALWAYS or (name == "alter_column" and _CHANGES & given.keys()):
            yield call.lineno, name
        elif name == "alter_column" and _is(given.get("nullable"), False):
            yield call.lineno, "alter_column to NOT NULL"
        elif _table(call) not in made and (
            name in _RULES or (name == "create_index" and _is(given.get("unique"), True))
        ):
            yield call.lineno, f"{name} on a table that was there"
    own = {
        inner for call in _calls(tree) if _called(call) == "create_table" for inner in _calls(call)
    }
    for column in _calls(tree):
        if column not in own and _is_needed(column):
            yield column.lineno, "a column that is NOT NULL and has no default"
    for node in ast.walk(tree):
        if found := _SQL.search(_text(node)):
            yield getattr(node, "lineno", 0), found.group().upper()


def _made(tree: ast.AST) -> frozenset[str]:
    """The tables that a migration makes itself: nothing wrote to them before."""
    return frozenset(_first(call) for call in _calls(tree) if _called(call) == "create_table")


def _is_needed(column: ast.Call) -> bool:
    """True for a column that a process which does not know it leaves empty, and may not."""
    given = {one.arg: one.value for one in column.keywords}
    has_default = "server_default" in given and not _is(given["server_default"], None)
    return _called(column) == "Column" and _is(given.get("nullable"), False) and not has_default


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _table(call: ast.Call) -> str:
    """The table of an index or a rule, whose own name comes first."""
    return _text(call.args[1]) if len(call.args) > 1 else ""


def _first(call: ast.Call) -> str:
    return _text(call.args[0]) if call.args else ""


def _text(node: ast.AST) -> str:
    """What a string in the source says; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]
