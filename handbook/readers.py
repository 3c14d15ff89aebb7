"""Which process reads which settings: found in the code, by what each process imports."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

import grimp

from handbook.settings_classes import PACKAGES
from sandbox.house.layout import ROOT

# What is imported by its name at run time, which no reader of imports can see.
_BY_NAME: Final = {"channels.directory": "channels.providers", "worker.app": "worker"}
# A process or a command by the module it begins with.
PROCESSES: Final = {
    "door": "channels.app",
    "smpp": "channels.smpp",
    "actions": "actions.server",
    "intake": "actions.registry.notify",
    "worker": "worker.app",
    "console": "console.app",
    "migrations": "records.migrate",
    "migrations of transcripts": "transcripts.migrate",
    "`bin/keys`": "records.keys",
    "`bin/audit`": "records.audit",
    "`bin/backup`": "worker.keeping.backup",
    "`bin/restore`": "worker.keeping.restore",
    "`bin/templates`": "channels.templates",
    "`bin/blocklist`": "worker.blocklist.command",
    "sandbox registry": "sandbox.registry.app",
    "sandbox phone": "sandbox.phone.app",
    "sandbox SMSC": "sandbox.smsc.app",
    "sandbox staff": "sandbox.house.demo_staff",
    "sandbox conversations": "sandbox.house.demo_conversations",
}


@cache
def readers() -> dict[str, set[str]]:
    """The processes that read each settings class, by the class's name."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    places = {module: _read_in(module) for module in graph.modules}
    found: dict[str, set[str]] = {}
    for process, module in PROCESSES.items():
        # What another process begins with is imported for something else.
        for one in _loaded(graph, module) - (set(PROCESSES.values()) - {module}):
            for settings in places.get(one, ()):
                found.setdefault(settings, set()).add(process)
    return found


def _loaded(graph: grimp.ImportGraph, module: str) -> set[str]:
    """The modules that are loaded where this one is begun with."""
    loaded: set[str] = set()
    waiting = [module]
    while waiting:
        now = waiting.pop()
        if now in loaded:
            continue
        loaded.add(now)
        waiting += graph.find_modules_directly_imported_by(now)
        waiting += [now.rpartition(".")[0]] if "." in now else []
        if now in _BY_NAME:
            waiting += graph.find_descendants(_BY_NAME[now])
    return loaded


def _read_in(module: str) -> set[str]:
    """The settings classes that a module reads."""
    path = ROOT / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = file.read_text(encoding="utf-8")
    if "read_settings(" not in text:
        return set()
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return {
        call.args[0].id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "read_settings"
        and call.args and isinstance(call.args[0], ast.Name)
    }  # fmt: skip
