"""The requirements of SPDCI's public compliance suite (requirements.yml), and who proves them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

_HERE: Final = Path(__file__).parent
PROFILES: Final[dict[str, list[str]]] = yaml.safe_load(
    (_HERE / "requirements.yml").read_text(encoding="utf-8")
)


def proves(name: str, *given: Any) -> Any:
    """What a test is given to prove a requirement, whose name it then bears."""
    return pytest.param(*given, id=name)


def proven(profile: str) -> list[str]:
    """The requirements that the tests of a profile bear the name of."""
    tree = ast.parse((_HERE / f"test_compliance_{profile}.py").read_text(encoding="utf-8"))
    return [
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "proves"
        and isinstance(node.args[0], ast.Constant)
    ]
