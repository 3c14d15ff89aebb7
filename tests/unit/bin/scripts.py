"""Importing a script of bin/, which has no suffix."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

BIN = Path(__file__).resolve().parents[3] / "bin"


def script(name: str) -> ModuleType:
    """The module of a script, not run."""
    loader = SourceFileLoader(f"bin_{name}", str(BIN / name))
    # A cache beside it would show up among the commands.
    loader.set_data = lambda *_, **__: None  # type: ignore[method-assign]
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
